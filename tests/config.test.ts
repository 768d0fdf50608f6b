// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how secrets are written in settings
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { variableOf } from '../src/config/environment.ts';
import { keysAt, leavesOf } from '../src/config/form.ts';
import { loadSettings } from '../src/config/load.ts';
import { didYouMean, nearest } from '../src/config/nearest.ts';
import { settingsSchema } from '../src/config/schema.ts';
import { parseYamlFile } from '../src/config/yaml.ts';
import { LantianError } from '../src/core/errors.ts';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantian-config-'));
  file = join(folder, 'lantian.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (...lines: string[]): void => writeFileSync(file, `${lines.join('\n')}\n`);
const load = (env: NodeJS.ProcessEnv = {}) => loadSettings({ file, env });

const refusal = (env: NodeJS.ProcessEnv = {}): LantianError => {
  try {
    load(env);
  } catch (thrown) {
    if (thrown instanceof LantianError) return thrown;
    throw thrown;
  }
  throw new Error('no mistake was found');
};
const mistakes = (env: NodeJS.ProcessEnv = {}): string[] =>
  refusal(env).details.map((line) => line.replaceAll(`${folder}/`, ''));

describe('settings', () => {
  it('are the defaults where nothing is said', () => {
    write('# nothing');
    expect(load()).toEqual(settingsSchema.parse({}));
    expect(load()).toMatchObject({
      county: '140430',
      mqtt: { port: 1883, keepalive: 30_000 },
      intake: { max_age: 400 * DAY },
    });
  });

  it('come from lantian.yaml of the working folder when no file is named', () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(loadSettings({ env: {} })).toEqual(settingsSchema.parse({}));
      write('http: { port: 1 }');
      expect(loadSettings({ env: {} }).http.port).toBe(1);
    } finally {
      process.chdir(before);
    }
  });

  it('come from the file, and from the environment over it', () => {
    write('county: 140431', 'mqtt:', '  url: mqtt://one:1883', '  in_flight: 7', 'intake: { max_age: PT1H }', 'log:');
    expect(load()).toMatchObject({
      county: '140431',
      mqtt: { url: 'mqtt://one:1883', in_flight: 7 },
      intake: { max_age: HOUR },
    });
    const env = {
      LANTIAN_COUNTY: '140430',
      LANTIAN_MQTT_URL: 'mqtts://two:8883',
      LANTIAN_INTAKE_MAX_AGE: 'PT5M',
      LANTIAN_HTTP_ENABLED: 'false',
      LANTIAN_MQTT_CLIENT_ID: '',
      LANTIAN_DUSTFALL_RECTIFICATION_ABOVE: '9.5',
      LANTIAN_INFLUX_TARGETS: '[{"url": "http://three:8086", "version": 2}]',
      HOME: '/',
    };
    expect(load(env)).toMatchObject({
      county: '140430',
      mqtt: { url: 'mqtts://two:8883', in_flight: 7, client_id: 'lantian' },
      intake: { max_age: 5 * MINUTE },
      http: { enabled: false },
      dustfall: { rectification_above: 9.5 },
      influx: { targets: [{ url: 'http://three:8086', version: 2, database: 'lantian' }] },
    });
  });

  it('take secrets from files and variables, inside any text of either', () => {
    writeFileSync(join(folder, 'secret'), 'p$&ss ${env:word}\n');
    write('mqtt:', `  password: "\${file:${folder}/secret}"`, '  username: "${env:WHO}@${env:WHERE}"');
    const { mqtt, influx } = load({ WHO: 'me', WHERE: 'home', LANTIAN_INFLUX_TOKEN: `x-\${file:${folder}/secret}` });
    expect(mqtt).toMatchObject({ password: 'p$&ss ${env:word}', username: 'me@home' });
    expect(influx.token).toBe('x-p$&ss ${env:word}');
  });

  it('a named file that is missing is an error of its own', () => {
    expect(refusal()).toMatchObject({ code: 'file-unreadable', message: `there is no file ${file}` });
  });

  it('every setting has a variable of its own', () => {
    const variables = leavesOf(settingsSchema).map(({ path }) => variableOf(path));
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables).toContain('LANTIAN_MQTT_IN_FLIGHT');
  });
});

describe('mistakes of settings', () => {
  it('come all at once, in the order of their places, and count', () => {
    write(
      'mqtt:',
      '  url: http://broker',
      '  prot: 4',
      '  port: true',
      'intake: { max_age: 400 days, max_payload: }',
      'county: 14043',
      'influx:',
      '  targets:',
      '    - { url: nowhere, tokn: x }',
      '    - {}',
      'store: { embedded: maybe }',
      'sotre: {}',
      'http: 8080',
    );
    const found = refusal({ LANTIAN_MQTT_IN_FLIGHT: 'many', LANTIAN_MQTT_URI: 'x', LANTIAN_HTTP_PORT: '8080' });
    expect(found).toMatchObject({ code: 'config-invalid', exit: 2, message: `14 mistakes in ${file}` });
    expect(found.details.map((line) => line.replaceAll(`${folder}/`, '')).sort()).toEqual(
      [
        'lantian.yaml:2:8 mqtt.url: not an MQTT address such as mqtt://host:1883',
        'lantian.yaml:3:3 mqtt.prot: unknown key, did you mean "port"?',
        'lantian.yaml:4:9 mqtt.port: expected number, received boolean',
        'lantian.yaml:5:20 intake.max_age: not an ISO 8601 duration such as P400D',
        'lantian.yaml:5:43 intake.max_payload: expected number, received null',
        'lantian.yaml:6:9 county: a county is its six-digit GB/T 2260 code',
        'lantian.yaml:9:14 influx.targets[0].url: not an address such as http://host:8086',
        'lantian.yaml:9:23 influx.targets[0].tokn: unknown key, did you mean "token"?',
        'lantian.yaml:10:7 influx.targets[1].url: is missing',
        'lantian.yaml:11:20 store.embedded: expected true or false',
        'lantian.yaml:12:1 sotre: unknown key, did you mean "store"?',
        'lantian.yaml:13:7 http: expected object, received number',
        'LANTIAN_MQTT_IN_FLIGHT mqtt.in_flight: expected number, received string',
        'LANTIAN_MQTT_URI: unknown variable, the nearest is LANTIAN_MQTT_URL',
      ].sort(),
    );
    const lines = found.details.flatMap((line) => /lantian\.yaml:(\d+):/.exec(line)?.slice(1) ?? []).map(Number);
    expect(lines).toEqual([2, 3, 4, 5, 5, 6, 9, 9, 10, 11, 12, 13]);
  });

  it('of the environment alone', () => {
    write('');
    expect(mistakes({ LANTIAN_MQTT_URL: 'broker' })).toEqual([
      'LANTIAN_MQTT_URL mqtt.url: not an MQTT address such as mqtt://host:1883',
    ]);
    expect(mistakes({ LANTIAN_INFLUX_URL: 'http://' })).toEqual([
      'LANTIAN_INFLUX_URL influx.url: not an address such as http://host:8086',
    ]);
    expect(refusal({ LANTIAN_MQTT_URL: 'broker' }).message).toBe(`1 mistake in ${file}`);
    expect(mistakes({ LANTIAN_MQTT_BROKERS: '[{url: "mqtt://a"}, {' })[0]).toMatch(/^LANTIAN_MQTT_BROKERS: /);
    expect(mistakes({ LANTIAN_MQTT_BROKERS: '[{}]' })).toEqual([
      'LANTIAN_MQTT_BROKERS mqtt.brokers[0].url: is missing',
    ]);
  });

  it('of addresses: without a host, or with a port that cannot be', () => {
    const wrong = ['mqtt://', 'mqtt://:1883', 'mqtts://host:99999', 'mqtt:host', 'ws://'];
    for (const url of wrong) {
      write('mqtt:', `  url: ${url}`);
      expect(mistakes(), url).toEqual(['lantian.yaml:2:8 mqtt.url: not an MQTT address such as mqtt://host:1883']);
    }
    for (const url of ['http://', 'http://127.0.0.1:99999', 'https://:8086']) {
      write('influx:', `  url: ${url}`);
      expect(mistakes(), url).toEqual(['lantian.yaml:2:8 influx.url: not an address such as http://host:8086']);
    }
    for (const url of [
      'mqtt://host',
      'mqtts://my_broker:8883',
      'ssl://[::1]:1',
      'wss://host/mqtt',
      'tcp://u:p@10.0.0.1',
    ]) {
      write('mqtt:', `  url: ${url}`);
      expect(load().mqtt.url).toBe(url);
    }
  });

  it.each([
    ['a repeated key', ['http:', '  port: 1', '  port: 2'], ['lantian.yaml:3:3: Map keys must be unique']],
    ['an unknown escape', ['county: "\\q"'], [expect.stringMatching(/^lantian\.yaml:1:10: Invalid escape/)]],
    [
      'two documents',
      ['county: 140430', '---', 'county: 140430'],
      [expect.stringMatching(/^lantian\.yaml:2:1: .*multiple documents/)],
    ],
    ['an unknown tag', ['county: !place 140430'], [expect.stringMatching(/^lantian\.yaml:1:9: Unresolved tag/)]],
    ['a dangling alias', ['county: *there'], ['lantian.yaml:1:9: Unresolved alias *there']],
    ['a list', ['- county'], ['lantian.yaml:1:1: expected object, received array']],
    ['a duration below its least', ['intake: { tick: PT0S }'], ['lantian.yaml:1:17 intake.tick: at least PT1S']],
    ['a port that is none', ['http: { port: 65536 }'], ['lantian.yaml:1:15 http.port: expected number to be <=65535']],
    [
      'an empty text for a number',
      ['http: { port: "" }'],
      ['lantian.yaml:1:15 http.port: expected number, received string'],
    ],
    [
      'a missing variable',
      ['mqtt: { url: "${env:NONE}" }'],
      ['lantian.yaml:1:14 mqtt.url: ${env:NONE}: the environment has no NONE'],
    ],
    [
      'a key behind an alias',
      ['mqtt: { brokers: [&a { url: x }, *a] }'],
      [
        'lantian.yaml:1:29 mqtt.brokers[0].url: not an MQTT address such as mqtt://host:1883',
        'lantian.yaml:1:29 mqtt.brokers[1].url: not an MQTT address such as mqtt://host:1883',
      ],
    ],
  ])('%s', (_, lines, expected) => {
    write(...lines);
    expect(mistakes()).toEqual(expected);
  });

  it('a secret file that is missing', () => {
    write(`mqtt: { password: "\${file:${folder}/none}" }`);
    expect(mistakes()).toEqual([expect.stringMatching(/^lantian\.yaml:1:19 mqtt\.password: \$\{file:none\}: ENOENT/)]);
  });

  it('never show a secret', () => {
    write('mqtt: { url: "${env:HIDDEN}" }', 'log: { level: "${env:HIDDEN}" }');
    expect(mistakes({ HIDDEN: 'hunter2' })).toHaveLength(2);
    expect(mistakes({ HIDDEN: 'hunter2' }).join()).not.toContain('hunter2');
  });

  it('whatever the file holds, the answer is settings or documented mistakes', () => {
    const words = fc.constantFrom(
      'mqtt',
      ':',
      ' ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      'url',
      '&a',
      '*a',
      '"',
      '|',
      '!x',
      '140430',
      '?',
      '%',
      '<<',
      '__proto__',
    );
    const text = fc.oneof(
      fc.array(words, { maxLength: 30 }).map((parts) => parts.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (content) => {
        writeFileSync(file, content);
        try {
          expect(load()).toHaveProperty('mqtt');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(LantianError);
          expect((thrown as LantianError).details.every((line) => /:\d+:\d+/.test(line))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('parts', () => {
  it('parseYamlFile gives the value, or mistakes with places, and never throws', () => {
    const schema = z.strictObject({
      station: z.string(),
      columns: z.record(z.string(), z.strictObject({ unit: z.string() })),
    });
    write('station: name', 'columns:', '  co: { unit: ug/m3 }');
    expect(parseYamlFile(file, schema)).toEqual({
      value: { station: 'name', columns: { co: { unit: 'ug/m3' } } },
      mistakes: [],
    });
    write('columns:', '  co: { unti: ug/m3 }');
    expect(parseYamlFile(file, schema)).toEqual({
      mistakes: [
        `${file}:1:1 station: is missing`,
        `${file}:2:7 columns.co.unit: is missing`,
        `${file}:2:9 columns.co.unti: unknown key, did you mean "unit"?`,
      ],
    });
    expect(parseYamlFile(join(folder, 'none.yaml'), schema).mistakes).toEqual([
      expect.stringContaining('none.yaml: cannot be read'),
    ]);
  });

  it('knows the keys at a path through defaults, lists, unions and transforms', () => {
    const inner = z.object({ a: z.string() }).transform(String);
    const schema = z.object({ list: z.array(z.union([inner, z.object({ b: z.number() })])).default([]) }).optional();
    expect(keysAt(schema, [])).toEqual(['list']);
    expect(keysAt(schema, ['list', 0])).toEqual(['a', 'b']);
    expect(keysAt(schema, ['list', 0, 'a'])).toEqual([]);
  });

  it('suggests only what is near', () => {
    expect(nearest('urll', ['port', 'url'])).toBe('url');
    expect(nearest('x', [])).toBeUndefined();
    expect(didYouMean('tonwship', ['name', 'township'])).toBe(', did you mean "township"?');
    expect(didYouMean('colour', ['id', 'name'])).toBe('');
  });
});
