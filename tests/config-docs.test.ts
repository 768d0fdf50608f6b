import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leavesOf } from '../src/config/form.ts';
import { loadSettings } from '../src/config/load.ts';
import { settingsSchema } from '../src/config/schema.ts';
import { parseDuration } from '../src/core/time.ts';

const ROOT = join(import.meta.dirname, '..');

/** Rows of the tables of docs/settings.md: setting, default, meaning, limit, source. */
const rows = readFileSync(join(ROOT, 'docs/settings.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const defaults = settingsSchema.parse({});
const valueAt = (path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], defaults);

/** What the documented default means. */
const saysDefault = (text: string, value: unknown): boolean => {
  if (text === '–') return value === undefined;
  if (text === 'none') return Array.isArray(value) && value.length === 0;
  const plain = text.replaceAll('`', '');
  return String(value) === plain || (typeof value === 'number' && parseDuration(plain) === value);
};

describe('docs/settings.md', () => {
  it('describes every setting once, and no other', () => {
    const documented = rows.map(([setting]) => setting!.replaceAll('`', ''));
    expect(documented.toSorted()).toEqual(
      leavesOf(settingsSchema)
        .map(({ path }) => path.join('.'))
        .toSorted(),
    );
  });

  it('gives the defaults that hold, and a meaning', () => {
    const wrong = rows.filter(
      ([setting, standard, meaning]) =>
        !meaning || !saysDefault(standard!, valueAt(setting!.replaceAll('`', '').split('.'))),
    );
    expect(wrong).toEqual([]);
    expect(new Set(rows.map((cells) => cells.length))).toEqual(new Set([5]));
  });
});

describe('lantian.example.yaml', () => {
  const file = join(ROOT, 'lantian.example.yaml');

  it('holds as it is', () => {
    expect(loadSettings({ file, env: {} })).toEqual(defaults);
  });

  it('holds with every commented setting put in, one at a time', () => {
    const lines = readFileSync(file, 'utf8').split('\n');
    const commented = lines.flatMap((line, index) => (/^ {2}# \w+: /.test(line) ? [index] : []));
    expect(commented.length).toBeGreaterThan(5);
    const folder = mkdtempSync(join(tmpdir(), 'lantian-example-'));
    writeFileSync(join(folder, 'secret'), 'word');
    for (const index of commented) {
      const line = lines[index]!.replace('# ', '').replace(/\$\{file:[^}]*\}/, `\${file:${folder}/secret}`);
      const key = line.trim().split(':')[0];
      const rest = lines.filter((other, at) => at === index || !other.startsWith(`  ${key}:`));
      const text = rest.map((other) => (other === lines[index] ? line : other)).join('\n');
      writeFileSync(join(folder, 'one.yaml'), text);
      expect(() => loadSettings({ file: join(folder, 'one.yaml'), env: {} }), line).not.toThrow();
    }
    rmSync(folder, { recursive: true });
  });
});

describe('check', () => {
  const run = (config: string, env: NodeJS.ProcessEnv = {}) => {
    const script = `import { check } from './src/cli/check.ts'; process.exitCode = check(JSON.parse(process.argv[1]));`;
    const { PATH, HOME } = process.env;
    const options = { cwd: ROOT, encoding: 'utf8', env: { PATH, HOME, ...env } } as const;
    const argument = JSON.stringify({ config });
    return spawnSync(process.execPath, ['--input-type=module', '-e', script, argument], options);
  };

  it('says in one line what there is', () => {
    const { status, stdout, stderr } = run('lantian.example.yaml');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(
      '沁县 140430：乡镇 11、示范区 1、站点 38（air 12, dustfall 5, weather 12, water 4, emission 5）、企业 3、隐患点 80 / ' +
        'Qinxian County: townships 11, zones 1, stations 38 (air 12, dustfall 5, weather 12, water 4, emission 5), enterprises 3, hazard points 80\n',
    );
  });

  it('tells mistakes of settings and catalog at once, on stderr', () => {
    const { status, stdout, stderr } = run('lantian.example.yaml', { LANTIAN_MQTT_URL: 'x', LANTIAN_COUNTY: '999999' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      'LANTIAN_MQTT_URL mqtt.url: not an MQTT address such as mqtt://host:1883',
      expect.stringMatching(/^sensors\/counties\/999999\/county\.yaml: cannot be read/),
      '2 处错误 / 2 mistakes',
      '',
    ]);
  });

  it('tells that a named file is missing', () => {
    expect(run('none.yaml')).toMatchObject({ status: 2, stderr: 'there is no file none.yaml\n1 处错误 / 1 mistake\n' });
  });
});
