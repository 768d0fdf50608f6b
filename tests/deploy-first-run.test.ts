// deploy/first-run.sh as a technician runs it, in a folder of its own.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { authorityOf, firstRun, projectFolder, ROOT, textOf, variablesOf } from './support/deploy.ts';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const certificateIn = (folder: string, name: string): X509Certificate =>
  new X509Certificate(readFileSync(join(folder, 'deploy/tls/broker', name)));
const NAMES = textOf('.env.example').match(/^\w+(?==$)/gm) ?? [];
const DAY = 86_400_000;

test('is a script that sh reads', () => {
  execFileSync('sh', ['-n', join(ROOT, 'deploy/first-run.sh')]);
});

describe('on a bare folder', () => {
  let folder: string;
  let said: Awaited<ReturnType<typeof firstRun>>;
  beforeAll(async () => {
    folder = projectFolder();
    said = await firstRun(folder, '--host', 'mqtt.example.cn', '--host', '10.0.0.5', '--host', 'fd00::5');
  });

  test('makes a password for each name of .env.example, no two alike, for its owner alone', () => {
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const variables = variablesOf(folder);
    expect(NAMES.length).toBeGreaterThan(7);
    expect(Object.keys(variables).sort()).toEqual([...NAMES].sort());
    for (const value of Object.values(variables)) expect(value).toMatch(/^[0-9a-f]{48}$/);
    expect(new Set(Object.values(variables)).size).toBe(NAMES.length);
    expect(modeOf(join(folder, '.env'))).toBe('600');
    for (const value of Object.values(variables)) expect(said.stdout).not.toContain(value);
  });

  test('makes an authority and a certificate for every name that devices use', () => {
    const [ca, server] = [certificateIn(folder, 'ca.pem'), certificateIn(folder, 'server.pem')];
    expect(ca.ca).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.verify(ca.publicKey)).toBe(true);
    expect(server.checkIssued(ca)).toBe(true);
    for (const host of ['mosquitto', 'localhost', 'mqtt.example.cn']) expect(server.checkHost(host)).toBe(host);
    for (const address of ['127.0.0.1', '10.0.0.5']) expect(server.checkIP(address)).toBe(address);
    expect(server.checkIP('fd00::5')).toBeTruthy();
    expect(server.checkHost('other.example.cn')).toBeUndefined();
    expect((Date.parse(server.validTo) - Date.now()) / DAY).toBeCloseTo(825, 0);
  });

  test('lets nobody else of this machine at keys', () => {
    expect(modeOf(join(folder, 'deploy/tls'))).toBe('700');
    expect(modeOf(join(folder, 'deploy/tls/ca.key'))).toBe('600');
    // The broker's own user in its container reads these, by a mount that begins below the closed folder.
    expect(modeOf(join(folder, 'deploy/tls/broker/server.key'))).toBe('644');
  });

  test('makes the settings of the example', () => {
    expect(readFileSync(join(folder, 'lantian.yaml'), 'utf8')).toBe(textOf('lantian.example.yaml'));
    expect(modeOf(join(folder, 'lantian.yaml'))).toBe('644');
  });

  test('tells what it made and what comes next, in Chinese and English', () => {
    for (const words of [
      '已生成密码',
      'made passwords',
      '服务器证书有效至',
      'docker compose up -d',
      'broker-credentials.csv',
    ])
      expect(said.stdout).toContain(words);
  });

  test('run again it changes nothing', async () => {
    const files = [
      '.env',
      'lantian.yaml',
      'deploy/tls/ca.key',
      'deploy/tls/broker/ca.pem',
      'deploy/tls/broker/server.pem',
    ];
    writeFileSync(join(folder, 'lantian.yaml'), 'county: 140430\n');
    const before = files.map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(await firstRun(folder)).toMatchObject({ code: 0, stdout: expect.stringContaining('.env：已有，未改动') });
    expect(files.map((file) => readFileSync(join(folder, file), 'utf8'))).toEqual(before);
  });

  test('gives a later version’s new names their passwords, and leaves the others and what was added by hand', async () => {
    const env = join(folder, '.env');
    const before = variablesOf(folder);
    writeFileSync(
      env,
      `${readFileSync(env, 'utf8').replace(/^INFLUXDB_TOKEN=.*$/m, 'INFLUXDB_TOKEN=')}MQTT_BIND=0.0.0.0`,
    );
    appendFileSync(join(folder, '.env.example'), 'LATER_PASSWORD=\n');
    expect(await firstRun(folder)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('made passwords INFLUXDB_TOKEN LATER_PASSWORD\n'),
    });
    const { INFLUXDB_TOKEN: token, LATER_PASSWORD: later, ...after } = variablesOf(folder);
    const { INFLUXDB_TOKEN: old, ...kept } = before;
    expect(after).toEqual({ ...kept, MQTT_BIND: '0.0.0.0' });
    expect([token, later]).toEqual([expect.stringMatching(/^[0-9a-f]{48}$/), expect.stringMatching(/^[0-9a-f]{48}$/)]);
    expect(token).not.toBe(old);
    expect(modeOf(env)).toBe('600');
  });

  test('a name that the certificate lacks is told; a renewed one has it and those before, by the same authority', async () => {
    const [ca, before] = [certificateIn(folder, 'ca.pem'), certificateIn(folder, 'server.pem')];
    const refused = await firstRun(folder, '--host', 'new.example.cn');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--renew-certificate') });
    expect(certificateIn(folder, 'server.pem').serialNumber).toBe(before.serialNumber);
    const renewed = await firstRun(folder, '--host', 'new.example.cn', '--renew-certificate');
    expect(renewed).toMatchObject({ code: 0, stdout: expect.stringContaining('docker compose kill -s HUP mosquitto') });
    const after = certificateIn(folder, 'server.pem');
    expect(after.serialNumber).not.toBe(before.serialNumber);
    expect(after.verify(ca.publicKey)).toBe(true);
    for (const host of ['mqtt.example.cn', 'new.example.cn']) expect(after.checkHost(host)).toBe(host);
    expect(readFileSync(authorityOf(folder), 'utf8')).toBe(ca.toString());
  });

  test('half an authority is never replaced', async () => {
    rmSync(join(folder, 'deploy/tls/ca.key'));
    const ca = readFileSync(authorityOf(folder), 'utf8');
    expect(await firstRun(folder)).toMatchObject({ code: 1, stderr: expect.stringContaining('not whole') });
    expect(readFileSync(authorityOf(folder), 'utf8')).toBe(ca);
    expect(existsSync(join(folder, 'deploy/tls/ca.key'))).toBe(false);
  });
});

describe('wrong usage', () => {
  test.each([
    [['--hosts', 'x'], /unknown option --hosts/],
    [['--host'], /needs a name/],
    [['--host', 'a b'], /not a name or an address/],
    [['--host', 'x,DNS:bank.example'], /not a name or an address/],
  ])('%j makes nothing and exits 2', async (args, words) => {
    const folder = projectFolder();
    const said = await firstRun(folder, ...args);
    expect(said.code).toBe(2);
    expect(said.stderr).toMatch(words);
    expect(existsSync(join(folder, '.env'))).toBe(false);
  });

  test('--help tells all and makes nothing', async () => {
    const folder = projectFolder();
    const { code, stdout } = await firstRun(folder, '--help');
    expect(code).toBe(0);
    for (const option of ['--host', '--renew-certificate', '--help']) expect(stdout).toContain(option);
    expect(existsSync(join(folder, '.env'))).toBe(false);
  });
});
