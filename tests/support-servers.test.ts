import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  findProgram,
  freePort,
  mosquittoClient,
  startInflux,
  startMosquitto,
  startVictoria,
  tempFolder,
} from './support/servers.ts';

test('mosquitto, influxd and victoria-metrics start, die and start again on the same port', async () => {
  for (const start of [startMosquitto, startInflux, startVictoria]) {
    const server = await start();
    const first = server.pid;
    expect(first).toBeGreaterThan(0);
    await server.kill9();
    expect(server.pid).toBeUndefined();
    await server.restart();
    expect(server.pid).not.toBe(first);
    await server.stop();
    expect(server.pid).toBeUndefined();
  }
});

test('a program that cannot start says why', async () => {
  await expect(startMosquitto({ config: 'no_such_option true' })).rejects.toThrow(/no_such_option/);
});

test('a missing program names its Debian package', () => {
  expect(() => findProgram('no-such-program', 'some-package')).toThrow(/apt-get install some-package/);
});

test('free ports can be listened on, folders are there', async () => {
  const port = await freePort();
  const server = await startMosquitto({ port });
  expect(server.url).toBe(`mqtt://127.0.0.1:${port}`);
  await mosquittoClient('mosquitto_pub', ['-p', String(port), '-t', 'a', '-m', 'b', '-r']);
  expect(await mosquittoClient('mosquitto_sub', ['-p', String(port), '-t', 'a', '-C', '1'])).toBe('b\n');
  expect(existsSync(tempFolder())).toBe(true);
});
