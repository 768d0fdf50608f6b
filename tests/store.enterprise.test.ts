import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalog } from '../src/config/catalog.ts';
import { silentLog } from '../src/core/log.ts';
import { HOUR, isoUtc, MINUTE } from '../src/core/time.ts';
import { type Lantian, startLantian } from '../src/main.ts';
import { createEnterpriseStores, storeNames } from '../src/store/index.ts';
import { influxRows } from './support/influx.ts';
import { settingsOf } from './support/middle.ts';
import { freePort, type Server, startInflux, tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

// Each enterprise's rows in a database of its own, through the whole pipeline into a real InfluxDB 1.6.

let server: Server;
let lantian: Lantian;
let counties: string;
let host: string;
beforeAll(async () => {
  server = await startInflux();
  host = new URL(server.url).host;
  counties = join(tempFolder('catalog'), 'counties');
  cpSync('sensors/counties', counties, { recursive: true });
  const settings = settingsOf({
    catalog: counties,
    data: { folder: tempFolder('lantian') },
    mqtt: { port: await freePort() },
    http: { enabled: false },
    influx: { url: server.url, enterprises: true },
  });
  lantian = await startLantian({ settings, log: silentLog });
});
afterAll(() => lantian.stop());

/** Two hours of an outlet's readings that end now, above every limit. */
const emit = async (...outlets: string[]): Promise<void> => {
  const client = await connectAsync(lantian.mqtt[0]!);
  const now = Date.now();
  for (const outlet of outlets)
    for (let time = now - 2 * HOUR; time <= now; time += 5 * MINUTE) {
      const values = { pm: 900, so2: 900, nox: 900, o2: 10, flow: 1000 };
      const payload = JSON.stringify({ time: isoUtc(time - (time % 1000)), values, status: 'running' });
      await client.publishAsync(`lantian/v1/140430/emission/${outlet}`, payload, { qos: 1 });
    }
  await client.endAsync();
};

const measurementsIn = async (database: string): Promise<string[]> => {
  const names = await influxRows(server.url, database, 'SHOW MEASUREMENTS');
  return names.map(({ name }) => String(name)).sort();
};
const allIn = async (database: string): Promise<string> =>
  JSON.stringify(await influxRows(server.url, database, 'SELECT * FROM /.*/'));
const delivered = (...stores: string[]): boolean =>
  stores.every((store) => lantian.counts().outboxPoints[store] === 0 && lantian.counts().storeWritten[store]! > 0);

test('names of their stores; one that the settings name for everyone’s rows is a mistake', () => {
  const settings = settingsOf({ influx: { url: 'http://h:1', enterprises: true }, store: { embedded: false } });
  const catalog = loadCatalog('sensors/counties', '140430');
  const names = ['lantian', 'lantian_huaan-coking', 'lantian_brick-works-1', 'lantian_brick-works-2'];
  expect(storeNames(settings, catalog)).toEqual(names.map((name) => `h:1/${name}`));
  const targets = [{ url: 'http://h:1', database: 'lantian_brick-works-1' }];
  const mistaken = settingsOf({ influx: { url: 'http://h:1', enterprises: true, targets } });
  expect(() => createEnterpriseStores(mistaken, () => catalog, { log: silentLog })).toThrow(/brick-works-1/);
  const off = settingsOf({ influx: { url: 'http://h:1' } });
  expect(createEnterpriseStores(off, () => catalog, { log: silentLog })).toEqual([]);
});

test('an enterprise’s database has its rows and no other’s', async () => {
  await emit('brick-works-1-kiln', 'huaan-coking-chimney');
  const client = await connectAsync(lantian.mqtt[0]!);
  const payload = JSON.stringify({ time: isoUtc(Date.now()), values: { pm25: 35 } });
  await client.publishAsync('lantian/v1/140430/air/dingchang-air', payload, { qos: 1 });
  await client.endAsync();
  const own = ['brick-works-1', 'huaan-coking'].map((id) => `${host}/lantian_${id}`);
  await until('written', () => delivered(`${host}/lantian`, ...own));
  await until('signals', async () => (await measurementsIn('lantian_brick-works-1')).includes('signal'));
  expect(await measurementsIn('lantian_brick-works-1')).toEqual(
    expect.arrayContaining(['emission', 'emission_compliance', 'emission_hour', 'signal']),
  );
  const whole = await allIn('lantian_brick-works-1');
  expect(whole).toContain('brick-works-1-kiln');
  expect(whole).not.toMatch(/huaan|dingchang-air/);
  expect(await allIn('lantian_huaan-coking')).not.toMatch(/brick/);
  const both = await allIn('lantian');
  expect(both).toMatch(/huaan-coking-chimney/);
  expect(both).toMatch(/brick-works-1-kiln/);
  expect(both).toContain('dingchang-air');
});

test('an enterprise that the catalog gains while running joins without a restart', async () => {
  const file = join(counties, '140430/enterprises.yaml');
  writeFileSync(
    file,
    `${readFileSync(file, 'utf8').trimEnd()}
  - id: new-works
    name: { zh: 新厂, en: New works }
    outlets:
      - id: new-works-stack
        name: { zh: 烟囱, en: Stack }
        feeds: { emission: { period: PT5M } }
        limits: { pm: 20 }
        example: true
        longitude: 112.82
        latitude: 36.62
`,
  );
  lantian.reload();
  await emit('new-works-stack');
  await until('the new one is written', () => delivered(`${host}/lantian_new-works`));
  const whole = await allIn('lantian_new-works');
  expect(whole).toContain('new-works-stack');
  expect(whole).not.toMatch(/huaan|brick/);
});
