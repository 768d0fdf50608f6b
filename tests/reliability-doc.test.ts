// docs/reliability.md rests on what it names: tests, metrics and settings must be there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { METRICS } from '../src/server/metrics.ts';

const root = join(import.meta.dirname, '..');
const text = readFileSync(join(root, 'docs/reliability.md'), 'utf8');
const named = (pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))];

test('the tests it names exist', () => {
  const files = named(/`(tests\/[^`]+\.test\.ts)`/g);
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('every promise names a test', () => {
  const promises = text.split(/^## /m)[1]!.split(/^### /m).slice(1);
  expect(promises.length).toBeGreaterThan(5);
  for (const promise of promises) expect(promise, promise.split('\n')[0]).toMatch(/`tests\/[^`]+\.test\.ts`/);
});

test('the metrics and settings it names exist', () => {
  const metrics = METRICS.map(({ name }) => name);
  const asked = named(/`(lantian_[a-z_]+)`/g);
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter((name) => !metrics.includes(name))).toEqual([]);
  const settings = readFileSync(join(root, 'docs/settings.md'), 'utf8');
  const keys = named(/`((?:mqtt|intake|journal|archive|outbox|quarantine)\.[a-z_]+)`/g);
  expect(keys.length).toBeGreaterThan(7);
  expect(keys.filter((key) => !settings.includes(`\`${key}\``))).toEqual([]);
});
