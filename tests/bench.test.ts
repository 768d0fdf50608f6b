import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Row, reached } from '../bench/case.ts';
import { CASES } from '../bench/cases/index.ts';
import { DOCUMENT, documented, keptResults, resultsText } from '../bench/document.ts';
import { steadyMessages } from '../bench/messages.ts';
import { compared, median, percentile } from '../bench/numbers.ts';
import { cellsOf } from '../bench/table.ts';

// What the bench says and how it is asked; what it measures is held by bench.ratios.test.ts.

const ROOT = join(import.meta.dirname, '..');

describe('docs/performance.md', () => {
  const text = readFileSync(DOCUMENT, 'utf8');

  test('has the kept results, no more and no fewer', () => {
    expect(documented(text)).toBe(resultsText(keptResults()));
  });

  test('every case has a kept result and is told of, and no other', () => {
    const names = CASES.map(({ name }) => name);
    // Of one processor at least; of another there may be some.
    expect(keptResults().map((results) => results.map(({ name }) => name))).toContainEqual(names);
    const told = [...text.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
    expect(told).toEqual(names);
  });

  test('the goals that are missed are told of, by case and row', () => {
    const missed = keptResults()
      .flat()
      .flatMap(({ name, rows }) => rows.filter((row) => reached(row) === false).map((row) => `${name}/${row.name}`));
    const section = text.split(/^## /m).find((part) => part.startsWith('未达到'))!;
    expect(missed.filter((row) => !section.includes(`\`${row}\``))).toEqual([]);
  });
});

describe('numbers', () => {
  test('medians, shares and ratios of rounds', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
    expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.99)).toBe(10);
    const turns = [1, 2, 30].map((figure) => ({ ours: { figure, cpu: 10 }, beside: { figure: 10, cpu: 5 } }));
    const row = compared({ name: 'a', what: { zh: '一', en: 'one' }, unit: '/s' }, turns);
    expect(row).toMatchObject({ figure: 2, beside: 10, ratio: 0.2, cpu: { figure: 10, beside: 5 } });
  });

  test('a goal is of a ratio or of a figure, at least or at most', () => {
    const row = (given: Partial<Row>): Row => ({ name: 'a', what: { zh: '', en: '' }, unit: 's', figure: 5, ...given });
    expect(reached(row({}))).toBeUndefined();
    expect(reached(row({ goal: { of: 'figure', most: 5 } }))).toBe(true);
    expect(reached(row({ goal: { of: 'figure', most: 4.9 } }))).toBe(false);
    expect(reached(row({ ratio: 0.79, goal: { of: 'ratio', least: 0.8 } }))).toBe(false);
    expect(cellsOf('x', row({ ratio: 0.8, goal: { of: 'ratio', least: 0.8 } }))).toContain('是 yes');
  });

  test('steady messages: one in twelve of a turn begins an hour, be the stations few or many', () => {
    const now = Date.UTC(2026, 6, 1, 3, 2);
    const minutes = steadyMessages(240, 480, now).map(({ payload }) =>
      (JSON.parse(payload) as { time: string }).time.slice(14, 16),
    );
    for (const turn of [minutes.slice(0, 240), minutes.slice(240)])
      expect(turn.filter((minute) => minute === '05')).toHaveLength(20);
    expect(new Set(steadyMessages(240, 480, now).map(({ topic }) => topic)).size).toBe(240);
  });
});

describe('npm run bench', () => {
  // Outside of Vitest, as a user runs it.
  const { VITEST: _, ...env } = process.env;
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, 'bench/run.ts'), ...args], {
      cwd: ROOT,
      env,
      encoding: 'utf8',
    });

  test('lists its cases; a name that is none is wrong usage and says what there is', () => {
    const listed = run('--list');
    expect(listed.status).toBe(0);
    expect(listed.stdout.trimEnd().split('\n')).toHaveLength(CASES.length);
    const wrong = run('--only', 'troughput');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('throughput');
  });
});
