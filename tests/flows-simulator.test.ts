// The simulated county on the dashboard: a real Node-RED with the delivered flow, a real browser, a real broker and the pipeline.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FlowNode, readFlow } from '../flows/compose.ts';
import { generate } from '../sensors/simulator/generate.ts';
import { HOUR, MINUTE } from '../src/core/time.ts';
import { openOnPaper, type Page } from './support/chromium.ts';
import { type Child, conservation, lantianChild } from './support/lantian.ts';
import { type NodeRed, startNodeRed } from './support/node-red.ts';
import { type Server, startMosquitto } from './support/servers.ts';
import { catalog } from './support/simulated.ts';
import { until } from './support/until.ts';

let broker: Server;
let child: Child;
let red: NodeRed;
let page: Page;
let client: MqttClient;
/** Every message that was published, with how often. */
const heard = new Map<string, number>();

/** What the list of scenarios would send comes by MQTT here; the rest is done on the page. */
const CONTROL: readonly FlowNode[] = [
  {
    id: 'control-in',
    type: 'mqtt in',
    z: 'simulator',
    topic: 'control/+',
    qos: '1',
    datatype: 'json',
    broker: 'lantian-broker',
    wires: [['control-name']],
  },
  {
    id: 'control-name',
    type: 'change',
    z: 'simulator',
    rules: [{ t: 'change', p: 'topic', pt: 'msg', from: 'control/', fromt: 'str', to: '', tot: 'str' }],
    wires: [['simulator-county']],
  },
];
const control = (topic: string, payload: unknown) =>
  client.publishAsync(`control/${topic}`, JSON.stringify(payload), { qos: 1 });

const text = (): Promise<string> => page.evaluate<string>('document.body.innerText');
const seen = (what: RegExp, within = 15_000): Promise<void> =>
  until(`${what} on the page`, async () => what.test(await text()), { within });
const press = (words: string): Promise<unknown> =>
  page.evaluate(`[...document.querySelectorAll('button')].find((one) => one.innerText.includes('${words}')).click()`);
/** Type a number into the field beside the slider, and Enter. */
const type = (speed: number): Promise<unknown> =>
  page.evaluate(`(() => {
    const field = document.querySelector('#nrdb-ui-widget-dashboard-ui-slider-text-field');
    field.value = '${speed}';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter', bubbles: true }));
  })()`);
/** Simulated time that the page tells, epoch ms. */
const told = async (): Promise<number> => Date.parse(`${/\d{4}-\d\d-\d\dT\d\d:\d\d/.exec(await text())?.[0]}:00+08:00`);
const folder = (): string => join(child.folder, 'data');

beforeAll(async () => {
  broker = await startMosquitto();
  child = await lantianChild({ mqtt: { url: broker.url } });
  await child.start();
  client = await mqtt.connectAsync(broker.url);
  client.on('message', (topic, payload) => {
    const key = `${topic} ${payload}`;
    heard.set(key, (heard.get(key) ?? 0) + 1);
  });
  await client.subscribeAsync(['lantian/v1/+/+/+'], { qos: 1 });
  const settings = { mqtt: { url: broker.url }, data: { folder: folder() } };
  red = await startNodeRed({ flows: [...readFlow('flows/simulator.json'), ...CONTROL], settings });
  page = await openOnPaper(`${red.url}/dashboard/simulator`, 297);
  await seen(/启动 Start/i);
}, 90_000);
afterAll(() => client.endAsync(true));

test('a pipeline that no simulated county has fed is not fed before it is confirmed to hold no real data', async () => {
  await seen(/暴雨 rainstorm[\s\S]*降尘 dustfall/);
  const shown = `document.querySelector('#nrdb-ui-widget-dashboard-ui-slider-text-field').value`;
  await until('the first speed', async () => (await page.evaluate<string>(shown)) === '3600');
  await press('Start');
  await seen(/未启动：模拟数据会被当作实测数据/);
  expect(heard.size).toBe(0);
  expect(existsSync(join(folder(), 'simulator.json'))).toBe(false);
});

test('it starts, and the speed changes while it runs', async () => {
  await control('scenario', 'calm,faulty-sensors');
  await type(60);
  await page.evaluate(`document.querySelector('input[type=checkbox]').click()`);
  await press('Start');
  await seen(/60× · \d+ 条/);
  const [began, at] = [await told(), Date.now()];
  expect(Math.abs(began - (Date.now() - 72 * HOUR))).toBeLessThan(5 * MINUTE);
  await until('two minutes', async () => (await told()) >= began + 2 * MINUTE);
  // Sixty times as fast: it took about two seconds, read off minutes.
  expect(Date.now() - at).toBeGreaterThan(900);
  await type(36_000);
  await seen(/36000×/);
  await until('ten hours', async () => (await told()) >= began + 10 * HOUR);
});

test('with the broker away it waits, and in the end all has arrived that `npx lantian simulate` would have sent', async () => {
  await broker.stop();
  const stopped = await told();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await broker.restart();
  await seen(/实时 live/, 60_000);
  expect(await told()).toBeGreaterThan(stopped);
  const { about } = JSON.parse(readFileSync(join(folder(), 'simulator.json'), 'utf8')) as { about: number };
  const range = { from: about - 71 * HOUR, to: about - HOUR, seed: 1, now: about };
  const expected = [...generate(catalog, 'calm,faulty-sensors', range)]
    .filter(({ time }) => time > range.from + HOUR)
    .map(({ topic, payload }) => `${topic} ${payload}`);
  expect(expected.length).toBeGreaterThan(5000);
  await until('the last of them', () => heard.has(expected.at(-1)!), { within: 30_000 });
  expect(expected.filter((one) => !heard.has(one))).toEqual([]);
  await until('the pipeline has taken all', async () => {
    const { received, ended, inFlight } = conservation(await child.metrics());
    return received === ended + inFlight && ended >= expected.length;
  });
}, 120_000);

test('it stops when asked, and the folder is refused as one of measured data', async () => {
  await press('Stop');
  await seen(/已停止 stopped/);
  await child.end('SIGTERM');
  child.launch();
  expect(await child.ended()).toMatchObject({ code: 2 });
  expect(child.stderr()).toContain('data-simulated');
});
