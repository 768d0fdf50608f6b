import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { feeds } from '../sensors/feeds/index.ts';
import { REASONS } from '../src/intake/decode.ts';

const text = readFileSync('docs/messages.md', 'utf8');
const rowsOf = (part: string): string[][] =>
  part
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe.each(Object.values(feeds))('docs/messages.md: $feed', ({ feed, name, quantities }) => {
  const [, section] = text.split(`### ${feed} ${name.zh}\n`);
  test('has every quantity with its unit, range and aggregate, and no other', () => {
    const wanted = Object.entries(quantities).map(([key, { name, unit, least, most, aggregate }]) =>
      [`\`${key}\``, name.zh, unit, least, most, aggregate].map(String),
    );
    expect(rowsOf(section!.split('\n#')[0]!)).toEqual(wanted);
  });
});

test('docs/messages.md has every reason of the quarantine, and no other', () => {
  const part = text.split('goes to quarantine')[1]!.split('## Feeds')[0]!;
  expect(rowsOf(part).map(([reason]) => reason)).toEqual(REASONS.map((reason) => `\`${reason}\``));
});
