import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AIR_PERIODS } from '../src/processors/air-periods.ts';
import { processors } from '../src/processors/index.ts';
import { ROLLING_HOURS } from '../src/processors/rain.ts';
import { rules } from '../src/thresholds/index.ts';

const [signals, figures] = ['signals', 'figures'].map((name) => readFileSync(`docs/${name}.md`, 'utf8')) as [
  string,
  string,
];

/** First cells of a table whose heading row begins with `first`. */
const names = (markdown: string, first: string): string[] => {
  const table = markdown.split(`| ${first} |`)[1]?.split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!),
  );
};

test('docs/signals.md has the kinds of the rules, each with its levels, no more and no fewer', () => {
  expect(names(signals, 'kind').sort()).toEqual(rules.map(({ kind }) => kind).sort());
  for (const { kind, levels } of rules) {
    expect(signals, kind).toMatch(new RegExp(`^## ${kind}`, 'm'));
    const row = signals.split('\n').find((line) => line.startsWith(`| \`${kind}\``))!;
    for (const level of levels) expect(row).toContain(`\`${level}\``);
  }
});

test('docs/signals.md has the states that a signal can be in', () => {
  const states = ['proposed', 'agreed', 'active', 'lift-proposed', 'lifted', 'lapsed'];
  expect(names(signals, 'state')).toEqual(states);
});

test('a rule that stands on no document of others names a heading that is there', () => {
  for (const { basis } of rules.filter((rule) => rule.basis.document === 'Lantian')) {
    const [file, heading] = basis.clause.split(' ');
    expect(readFileSync(file!, 'utf8')).toMatch(new RegExp(`^## ${heading}`, 'm'));
  }
});

test('docs/figures.md has every figure, no more and no fewer', () => {
  const cadences = Object.values(processors).flatMap((processor) => processor.cadences);
  const own = ['rain_rolling', ...Object.keys(AIR_PERIODS)];
  const written = [...new Set([...cadences.map(({ measurement }) => measurement), ...own])];
  expect(names(figures, 'measurement').sort()).toEqual(written.sort());
  for (const hours of ROLLING_HOURS) expect(figures).toMatch(new RegExp(`\`h${hours}(_min)?\``));
  // What is named otherwise than its quantity is told.
  const derived = cadences.flatMap(({ fields }) => fields).filter((name) => /_(min|max)$/.test(name));
  for (const name of new Set(derived)) expect(figures, name).toContain(`\`${name}\``);
});
