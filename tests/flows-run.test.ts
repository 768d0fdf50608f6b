// `npm run flows` as a user runs it: what it refuses, how it is locked, what it keeps and brings back.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composeFlows } from '../flows/compose.ts';
import { startNodeRed } from './support/node-red.ts';

const RUN = join(import.meta.dirname, '../flows/run.ts');
const PASSWORD = 'Ci7-night-watch';

const ends = async (...args: string[]): Promise<{ code: number; said: string }> => {
  const child = spawn(process.execPath, [RUN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
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
    env: { LANTIAN_FLOWS_PASSWORD: PASSWORD },
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
