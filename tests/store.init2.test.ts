import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lantian, linesOf, type Said } from './support/command.ts';
import { type Influx2, startInflux2 } from './support/influx2.ts';
import { tempFolder } from './support/servers.ts';

// `lantian store init` and InfluxDB 2.x, as its documentation describes it; and 3.x, of which nothing is pretended.

let server: Influx2;
let folder: string;
beforeAll(async () => {
  server = await startInflux2();
  folder = tempFolder('store-init2');
});
afterAll(() => server.close());

const init = (influx: object, store: object = {}, ...more: string[]): Promise<Said> => {
  const config = join(folder, 'lantian.yaml');
  const whole = { version: 2, url: server.url, token: 'writer', ...influx };
  writeFileSync(config, JSON.stringify({ data: { folder: join(folder, 'data') }, influx: whole, store }));
  return lantian('store', 'init', '-c', config, ...more);
};
const outcomes = ({ stdout }: Said): string[] =>
  linesOf(stdout)
    .filter((line) => !line.startsWith('embedded'))
    .map((line) => line.split('\t')[2]!);
const host = (): string => new URL(server.url).host;
const kept = () =>
  JSON.parse(readFileSync(join(folder, 'data/store-credentials.json'), 'utf8')) as Record<string, { token: string }>;
const admin = { admin_token: 'operator' };

test('a token that may not is told, with the server’s words', async () => {
  const said = await init({});
  expect(said.code).toBe(1);
  expect(said.stderr).toMatch(/store-refused: .*unauthorized access.*influx\.admin_token/);
});

test('bucket, mapping and read token are made once', async () => {
  const first = await init(admin);
  expect(first).toMatchObject({ code: 0 });
  expect(outcomes(first)).toEqual(['新建 made', '新建 made', '新建 made', '新建 made']);
  const [bucket] = server.buckets;
  expect(bucket).toMatchObject({ name: 'lantian', retentionRules: [{ type: 'expire', everySeconds: 3653 * 86_400 }] });
  expect(server.dbrps).toMatchObject([{ database: 'lantian', bucketID: bucket!.id, default: true }]);
  expect(server.authorizations[0]!['permissions']).toEqual([
    { action: 'read', resource: { type: 'buckets', id: bucket!.id, orgID: '0000000000000001' } },
  ]);
  const { token } = kept()[`${host()}/lantian`]!;
  expect(token).toBe(server.authorizations[0]!['token']);
  const second = await init(admin);
  expect(outcomes(second)).toEqual(['已有 there', '已有 there', '已有 there', '已有 there']);
  expect(first.stdout + first.stderr + second.stdout + second.stderr).not.toContain(token);
});

test('retention is lengthened, and shortened with --shorten alone', async () => {
  const seconds = () => server.buckets[0]!['retentionRules'] as { everySeconds: number }[];
  expect((await init(admin, { keep: 'P4000D' })).code).toBe(0);
  expect(seconds()[0]!.everySeconds).toBe(4000 * 86_400);
  expect((await init(admin, { keep: 'P30D' })).code).toBe(1);
  expect(seconds()[0]!.everySeconds).toBe(4000 * 86_400);
  expect((await init(admin, { keep: 'P30D' }, '--shorten')).code).toBe(0);
  expect(seconds()[0]!.everySeconds).toBe(30 * 86_400);
});

test('a token that the server does not know any more is made anew; a database name in use is left', async () => {
  const before = kept()[`${host()}/lantian`]!.token;
  server.authorizations.splice(0);
  server.dbrps[0]!['bucketID'] = 'another';
  const said = await init(admin, { keep: 'P30D' });
  expect(said.code).toBe(1);
  expect(outcomes(said)).toEqual(['已有 there', '已有 there', '未动 left', '更改 changed']);
  expect(kept()[`${host()}/lantian`]!.token).not.toBe(before);
});

test('each enterprise has a bucket and a token that reads it alone', async () => {
  const said = await init({ ...admin, enterprises: true }, { keep: 'P30D' });
  expect(said.stdout).toContain(`${host()}/lantian_brick-works-1\t存储桶 bucket lantian_brick-works-1\t新建 made`);
  const bucket = server.buckets.find(({ name }) => name === 'lantian_brick-works-1')!;
  const { token } = kept()[`${host()}/lantian_brick-works-1`]!;
  const authorization = server.authorizations.find((one) => one['token'] === token)!;
  expect(authorization['permissions']).toMatchObject([{ action: 'read', resource: { id: bucket.id } }]);
});

test('of InfluxDB 3 nothing is made, which is said', async () => {
  const said = await init({ version: 3 });
  expect(said).toMatchObject({ code: 0 });
  expect(outcomes(said)).toEqual(['无 none']);
});
