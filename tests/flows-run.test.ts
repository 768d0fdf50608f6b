// `npm run flows` as a user runs it: what it refuses, how it is locked, what it keeps and brings back.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { composeFlows } from '../flows/compose.ts';
import { openOnScreen } from './support/chromium.ts';
import { lantianChild } from './support/lantian.ts';
import { type NodeRed, startNodeRed } from './support/node-red.ts';
import { until } from './support/until.ts';

const RUN = join(import.meta.dirname, '../flows/run.ts');
const PASSWORD = 'Ci7-night-watch';

const ends = async (...args: string[]): Promise<{ code: number; said: string }> => {
  const child = spawn(process.execPath, [RUN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
};

/** Asked with any headers, as a browser would for a page of its own choosing. */
const ask = async ({ port }: NodeRed, path: string, headers: Record<string, string>, body?: string) => {
  const method = body === undefined ? 'GET' : 'POST';
  const sent = request({ host: '127.0.0.1', port, path, method, headers }).end(body);
  const [answer] = await once(sent, 'response');
  return { status: answer.statusCode as number, body: await text(answer) };
};

/** What the dashboard's socket says to whoever comes with these headers. */
const socketSays = async (red: NodeRed, headers: Record<string, string>): Promise<string> => {
  const path = '/dashboard/socket.io/?EIO=4&transport=polling';
  const { sid } = JSON.parse((await ask(red, path, headers)).body.slice(1)) as { sid: string };
  const own = `${path}&sid=${sid}`;
  await ask(red, own, { ...headers, 'content-type': 'text/plain' }, '40');
  return (await ask(red, own, headers)).body.slice(0, 60);
};

describe('the command line', () => {
  test.each([
    [['--help'], 0, '--reset'],
    [['--port', 'x'], 2, '--port x is no port'],
    [['--nonsense'], 2, 'unknown option'],
    [['--config', 'nowhere.yaml'], 2, 'there is no file nowhere.yaml'],
    // Whoever reaches the editor may run code here.
    [['--host', '0.0.0.0'], 2, 'LANTIAN_FLOWS_PASSWORD'],
  ] as const)('%s', async (args, code, words) => {
    const found = await ends(...args);
    expect(found.code).toBe(code);
    expect(found.said).toContain(words);
  });
});

test('with a password editor and pages ask for it; files are the owner’s alone, and hold no credentials in the clear', async () => {
  const red = await startNodeRed({
    settings: { mqtt: { url: 'mqtt://127.0.0.1:9', username: 'lantian', password: PASSWORD } },
    env: { LANTIAN_FLOWS_PASSWORD: PASSWORD, LANTIAN_API: 'http://127.0.0.1:9' },
  });
  for (const path of ['flows', 'dashboard/', 'settings/user'])
    expect((await fetch(`${red.url}/${path}`)).status, path).toBe(401);
  const form = {
    client_id: 'node-red-admin',
    grant_type: 'password',
    scope: '*',
    username: 'admin',
    password: PASSWORD,
  };
  const asked = await fetch(`${red.url}/auth/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await asked.json()) as { access_token: string };
  const answer = await fetch(`${red.url}/flows`, { headers: { authorization: `Bearer ${token}` } });
  expect(((await answer.json()) as unknown[]).length).toBe(composeFlows().length);
  for (const name of ['flows.json', 'flows_cred.json', 'credential-secret']) {
    const file = join(red.folder, name);
    expect(statSync(file).mode & 0o077, name).toBe(0);
    expect(readFileSync(file, 'utf8'), name).not.toContain(PASSWORD);
  }
  expect(red.output()).not.toContain(PASSWORD);
  // The dashboard's socket is not behind the pages' lock: whoever is on it could press the simulator's buttons.
  const basic = (words: string) => ({ authorization: `Basic ${Buffer.from(words).toString('base64')}` });
  expect(await socketSays(red, {})).toContain('forbidden');
  expect(await socketSays(red, basic(`admin:${PASSWORD}x`))).toContain('forbidden');
  expect(await socketSays(red, basic(`admin:${PASSWORD}`))).toContain('40{"sid"');
  // A browser sends the password along for any page that it shows.
  const foreign = { ...basic(`admin:${PASSWORD}`), origin: 'https://elsewhere.example' };
  expect(
    (await ask(red, '/lantian/acknowledge', { ...foreign, 'content-type': 'application/json' }, '{}')).status,
  ).toBe(403);
  const desk = await openOnScreen(`http://admin:${PASSWORD}@127.0.0.1:${red.port}/dashboard/desk`, 1280, 900);
  await until('the desk is there', () => desk.evaluate<boolean>("document.body.innerText.includes('接口没有应答')"));
});

test('a page of another origin, and a name that is pointed here, get nothing; bodies are bounded', async () => {
  const red = await startNodeRed({ settings: { mqtt: { url: 'mqtt://127.0.0.1:9' } } });
  const foreign = { origin: 'https://elsewhere.example', 'content-type': 'application/x-www-form-urlencoded' };
  // A form needs no leave of its browser, and a flow runs code.
  const flow = 'label=x&nodes[0][id]=x1&nodes[0][type]=comment&nodes[0][wires]=';
  expect((await ask(red, '/flow', foreign, flow)).status).toBe(403);
  expect((await ask(red, '/flow', { ...foreign, 'sec-fetch-site': 'cross-site', origin: 'null' }, flow)).status).toBe(
    403,
  );
  const here = `127.0.0.1:${red.port}`;
  expect((await ask(red, '/flows', { host: `elsewhere.example:${red.port}` })).status).toBe(403);
  expect(await socketSays(red, { host: `elsewhere.example:${red.port}` })).toContain('forbidden');
  expect(await socketSays(red, { origin: 'https://elsewhere.example', host: here })).toContain('forbidden');
  expect(await socketSays(red, { host: `localhost:${red.port}` })).toContain('40{"sid"');

  const reading = JSON.stringify({ values: { pm25: 35 } });
  const [json, plain] = [{ 'content-type': 'application/json' }, { 'content-type': 'text/plain' }];
  const own = { ...json, origin: `http://${here}`, host: here, 'sec-fetch-site': 'same-origin' };
  expect((await ask(red, '/lantian/readings/air/dingchang-air', own, reading)).status).toBe(202);
  // Routes are the same in capitals.
  expect((await ask(red, '/Lantian/Readings/air/dingchang-air', plain, reading)).status).toBe(415);
  expect((await ask(red, '/lantian/acknowledge', plain, '{}')).status).toBe(415);
  expect((await ask(red, '/lantian/desk/steps', plain, '{}')).status).toBe(415);
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  expect((await ask(red, '/lantian/readings/air/dingchang-air', json, deep)).status).toBe(400);
});

test('what was changed stays over a start; --reset brings the delivered flows and keeps yours beside', async () => {
  const own = [{ id: 'mine', type: 'tab', label: 'mine', info: '', disabled: false }];
  const red = await startNodeRed({ flows: [] });
  const secret = readFileSync(join(red.folder, 'credential-secret'), 'utf8');
  await red.deploy(own);
  await red.restart();
  expect(await red.flows()).toEqual(own);
  await red.restart('--reset');
  expect(await red.flows()).toHaveLength(composeFlows().length);
  expect(JSON.parse(readFileSync(join(red.folder, 'flows.json.before'), 'utf8'))).toEqual(own);
  expect(readFileSync(join(red.folder, 'credential-secret'), 'utf8')).toBe(secret);
  await red.stop();
  expect(red.pid).toBe(undefined);
});

test('beside the pipeline’s own broker, as after npm start: what is posted arrives', async () => {
  const child = await lantianChild();
  await child.start();
  const red = await startNodeRed({ settings: { mqtt: { port: child.mqttPort } } });
  const headers = { 'content-type': 'application/json' };
  const path = '/lantian/readings/air/dingchang-air';
  await ask(red, path, headers, JSON.stringify({ values: { pm25: 35 } }));
  await until('the reading is journalled', () => child.rows('lantian.db', 'SELECT 1 FROM journal').length > 0);
});

test('a second one on the same port is told what to do, and changes nothing', async () => {
  const red = await startNodeRed({ settings: { mqtt: { url: 'mqtt://127.0.0.1:9' } } });
  const before = readFileSync(join(red.folder, 'flows.json'), 'utf8');
  const found = await ends('--reset', '--folder', red.folder, '--port', String(red.port));
  expect(found.code).toBe(2);
  expect(found.said).toMatch(/Node-RED 可能已在运行.*--port/);
  expect(found.said).not.toContain('http://');
  expect(readFileSync(join(red.folder, 'flows.json'), 'utf8')).toBe(before);
  expect(existsSync(join(red.folder, 'flows.json.before'))).toBe(false);
});
