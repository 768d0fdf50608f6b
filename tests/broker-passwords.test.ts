import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../src/config/catalog.ts';
import type { Catalog, Station } from '../src/core/catalog.ts';
import { isHashOf, parsePasswords } from '../src/intake/broker-passwords.ts';
import { clearIn, planOf } from '../src/intake/broker-plan.ts';
import { aclText, type BrokerUser, brokerUsers } from '../src/intake/broker-users.ts';
import { holdFolder } from '../src/intake/folder.ts';
import { lantian, linesOf } from './support/command.ts';
import { tempFolder } from './support/servers.ts';

const catalog = loadCatalog('sensors/counties', '140430');
const NONE = { gateways: [], nodered_feeds: [] };
const userOf = (users: readonly BrokerUser[], name: string): BrokerUser => users.find((user) => user.name === name)!;
const without = (id: string): Catalog => ({
  ...catalog,
  stations: new Map([...catalog.stations].filter(([key]) => key !== id)),
});

describe('users of the catalog', () => {
  const users = brokerUsers(catalog, NONE);

  test('each station, each enterprise, and no name twice', () => {
    const names = users.map(({ name }) => name);
    for (const id of catalog.stations.keys()) expect(names).toContain(id);
    for (const id of catalog.enterprises.keys()) expect(names).toContain(`enterprise.${id}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBe(7 + catalog.stations.size + catalog.enterprises.size);
  });

  test('a station writes its feeds and nothing else, and wildcards stand where no device is', () => {
    for (const { id, feeds } of catalog.stations.values()) {
      const { read, write } = userOf(users, id);
      expect(read).toEqual([]);
      expect(write).toEqual(Object.keys(feeds).map((feed) => `lantian/v1/140430/${feed}/${id}`));
    }
    const wild = users.filter(({ write }) => write.some((topic) => /[+#]/.test(topic))).map(({ name }) => name);
    expect(wild).toEqual(['lantian', 'nodered', 'forecast']);
  });

  test('an enterprise’s own stations that are no outlets are its too', () => {
    const fence: Station = { ...catalog.stations.get('dingchang-air')!, id: 'fence', enterprise: 'brick-works-1' };
    const more = { ...catalog, stations: new Map([...catalog.stations, ['fence', fence]]) };
    const { read } = userOf(brokerUsers(more, NONE), 'enterprise.brick-works-1');
    expect(read).toContain('lantian/v1/140430/signal/station-silent/fence');
    expect(read).not.toContain('lantian/v1/140430/signal/emission/fence');
  });

  test('gateways and Node-RED write what the settings give them', () => {
    const gateways = [{ name: 'north', stations: ['niusi-air', 'niusi-weather'] }];
    const given = brokerUsers(catalog, { gateways, nodered_feeds: ['water'] });
    expect(userOf(given, 'gateway.north').write).toEqual([
      'lantian/v1/140430/air/niusi-air',
      'lantian/v1/140430/weather/niusi-weather',
    ]);
    expect(userOf(given, 'nodered').write).toEqual(['duty/140430/#', 'lantian/v1/140430/water/+']);
    expect(userOf(users, 'nodered').write).toEqual(['duty/140430/#']);
  });

  test('all that is wrong is told at once', () => {
    const lantian: Station = { ...catalog.stations.get('dingchang-air')!, id: 'lantian' };
    const clash = { ...catalog, stations: new Map([...catalog.stations, ['lantian', lantian]]) };
    const gateways = [{ name: 'north', stations: ['nowhere'] }];
    expect(() => brokerUsers(clash, { ...NONE, gateways })).toThrow(
      expect.objectContaining({
        code: 'config-invalid',
        details: [expect.stringContaining('lantian: '), expect.stringContaining('no station nowhere')],
      }),
    );
  });

  test('nothing of the catalog can break out of a line of the files', () => {
    const lines = aclText(users).split('\n').slice(1);
    for (const line of lines) expect(line).toMatch(/^(|user [a-z0-9.-]+|topic (read|write) [a-z0-9$A-Z/+#-]+)$/);
    expect(lines.filter((line) => line.startsWith('user ')).length).toBe(users.length);
  });
});

describe('a run that was cut off', () => {
  test('between the table of credentials and the password file is mended by the next', () => {
    const users = brokerUsers(catalog, NONE);
    const given = { taken: new Map<string, string>(), renew: [] };
    const before = planOf(users, { hashes: new Map(), clear: new Map() }, given);
    const renewed = planOf(users, before, { ...given, renew: ['duanliu'] });
    const mended = planOf(users, { hashes: before.hashes, clear: renewed.clear }, given);
    expect(mended.clear).toEqual(renewed.clear);
    expect(isHashOf(mended.hashes.get('duanliu')!, renewed.clear.get('duanliu')!)).toBe(true);
    expect(mended.changes.filter(({ what }) => what !== 'kept')).toEqual([
      expect.objectContaining({ name: 'duanliu', what: 'renewed' }),
    ]);
  });

  test('a station that the catalog lost has no user, and the others keep theirs', () => {
    const given = { taken: new Map<string, string>(), renew: [] };
    const before = planOf(brokerUsers(catalog, NONE), { hashes: new Map(), clear: new Map() }, given);
    const after = planOf(brokerUsers(without('duanliu'), NONE), before, given);
    expect(after.hashes.has('duanliu')).toBe(false);
    expect(after.clear.has('duanliu')).toBe(false);
    const rest = new Map([...before.hashes].filter(([name]) => name !== 'duanliu'));
    expect(after.hashes).toEqual(rest);
    expect(after.changes.filter(({ what }) => what !== 'kept')).toEqual([{ name: 'duanliu', what: 'removed' }]);
  });
});

describe('lantian broker passwords', () => {
  const folder = tempFolder('broker');
  const out = join(folder, 'out');
  const run = (...more: string[]) => lantian('broker', 'passwords', '--out', out, ...more);
  const fileOf = (name: string): string => readFileSync(join(out, name), 'utf8');

  test('makes three files for their owner alone, the passwords in clear in one of them', async () => {
    const { code, stdout, stderr } = await run();
    expect(code).toBe(0);
    expect(linesOf(stdout)).toHaveLength(brokerUsers(catalog, NONE).length);
    expect(linesOf(stdout)).toContain('dingchang-air\tmade');
    for (const name of ['passwords', 'acl', 'broker-credentials.csv'])
      expect((statSync(join(out, name)).mode & 0o777).toString(8), name).toBe('600');
    const [hashes, clear] = [parsePasswords(fileOf('passwords')), clearIn(fileOf('broker-credentials.csv'))];
    expect([...clear.keys()]).toEqual([...hashes.keys()]);
    for (const [name, password] of clear) expect(isHashOf(hashes.get(name)!, password), name).toBe(true);
    expect(new Set(clear.values()).size).toBe(clear.size);
    for (const password of clear.values()) {
      expect(stdout + stderr).not.toContain(password);
      expect(fileOf('passwords') + fileOf('acl')).not.toContain(password);
    }
  });

  test('keeps what is there, also once the table was handed out and deleted; a new password stands alone in the next', async () => {
    const before = fileOf('passwords');
    rmSync(join(out, 'broker-credentials.csv'));
    expect(await run()).toMatchObject({ code: 0, stdout: '' });
    expect(fileOf('passwords')).toBe(before);
    expect(existsSync(join(out, 'broker-credentials.csv'))).toBe(false);
    expect(await run('--renew', 'duanliu', '--renew', 'forecast')).toMatchObject({
      code: 0,
      stdout: 'forecast\trenewed\nduanliu\trenewed\n',
    });
    const clear = clearIn(fileOf('broker-credentials.csv'));
    expect([...clear.keys()]).toEqual(['forecast', 'duanliu']);
    expect(isHashOf(parsePasswords(fileOf('passwords')).get('duanliu')!, clear.get('duanliu')!)).toBe(true);
  });

  test('takes Lantian’s own password from its settings', async () => {
    const config = join(folder, 'lantian.yaml');
    writeFileSync(config, 'mqtt:\n  url: mqtts://broker:8883\n  username: lantian\n  password: of my own\n');
    expect(await run('--config', config)).toMatchObject({ code: 0, stdout: 'lantian\ttaken\n' });
    expect(isHashOf(parsePasswords(fileOf('passwords')).get('lantian')!, 'of my own')).toBe(true);
    expect(fileOf('broker-credentials.csv')).not.toContain('of my own');
    expect(await run('--config', config, '--renew', 'lantian')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('change it there'),
    });
  });

  test('two at once: the second is told, and changes nothing', async () => {
    const before = fileOf('passwords');
    const release = holdFolder(out);
    expect(await run('--renew', 'duanliu')).toMatchObject({ code: 2, stderr: expect.stringContaining('data-in-use') });
    release();
    expect(fileOf('passwords')).toBe(before);
    expect(await run('--renew', 'duanliu')).toMatchObject({ code: 0 });
  });

  test.each([
    [['--renew', 'duanlu'], /no user "duanlu", did you mean "duanliu"/],
    [['--take', 'nodered=NOWHERE'], /NOWHERE is empty/],
    [['--take', 'nodered'], /--take nodered: .*is not USER=VARIABLE/],
    [['--take', 'someone=PATH'], /no user "someone"/],
    [['--out', '/proc/lantian'], /data-unwritable/],
  ])('%j: exit 2, and nothing is changed', async (args, words) => {
    const before = fileOf('passwords');
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
    expect(fileOf('passwords')).toBe(before);
  });
});
