// A row of the plan's table: what makes a level up exactly, and what is left of it where one township has less, or is not known.
import { describe, expect, it } from 'vitest';
import { judge, levelOf, signalOf, verdictOf, type Weather } from './hazards.ts';

/** What is left of a row, and what is lacking then, without the names of townships. */
type Left = readonly [level: string, ...lacking: string[]];

export interface Row {
  /** The plan's words. */
  readonly text: string;
  /** Exactly enough townships, exactly at the line. */
  readonly has: readonly Weather[];
  readonly level: string;
  /** The last township (or the one of the number) has this instead. */
  readonly below: readonly (readonly [weather: Weather, level: string, place?: number])[];
  /** One township fewer. */
  readonly short: string;
  /** Two things that must be of the same townships: of one the one, of another the other. */
  readonly elsewhere?: readonly [one: Weather, other: Weather, level: string];
  /** No forecast of the last township; nothing of its gauge. */
  readonly unforecast: Left;
  readonly silent: Left;
}

const without = (row: Row, weather: Weather, place = row.has.length): Weather[] =>
  row.has.map((one, i) => (i === place - 1 ? weather : one));

const last = ({ has }: Row): Weather => has.at(-1)!;

const lacked = (row: Row, [, ...lacking]: Left): string[] => lacking.map((what) => `${what}: t${row.has.length}`);

/** The level, the proposal and what it stands on; where there is none, what would decide. */
const expectLeft = (hazard: string, clause: string, weathers: readonly Weather[], level: string, lacking: string[]) => {
  const shell = judge(weathers);
  expect(levelOf(shell, hazard)).toBe(level);
  expect(verdictOf(shell, hazard).lacking).toEqual(lacking);
  const signal = signalOf(shell, hazard);
  if (level === 'none') expect(signal).toBeUndefined();
  else
    expect(signal).toMatchObject({ state: 'proposed', lacking, basis: { document: '沁政办发〔2021〕19号', clause } });
  return signal;
};

const placeOf = (station: string): string => station.replace('g-', '');

export const describeRows = (hazard: string, clause: string, rows: readonly Row[]): void => {
  const left = (weathers: readonly Weather[], level: string, lacking: string[] = []) =>
    expectLeft(hazard, clause, weathers, level, lacking);

  describe.each(rows.map((row) => [row.text, row] as const))('%s', (_, row) => {
    it('exactly at the line, in exactly enough townships: with evidence of each', () => {
      const signal = left(row.has, row.level)!;
      const places = [...new Set(signal.evidence.map(({ station }) => placeOf(station)))];
      expect(places.sort()).toEqual(row.has.map((_, i) => `t${i + 1}`).sort());
    });

    it.each(row.below.map(([weather, level, place]) => [weather, level, place] as const))(
      'just below in one: %j: %s',
      (weather, level, place) => {
        left(without(row, weather, place), level);
      },
    );

    it(`one township short: ${row.short}`, () => {
      left(row.has.slice(0, -1), row.short);
    });

    it(`forecast missing of one: ${row.unforecast[0]}`, () => {
      left(without(row, { ...last(row), unforecast: true }), row.unforecast[0], lacked(row, row.unforecast));
    });

    it(`gauge silent of one: ${row.silent[0]}`, () => {
      left(without(row, { ...last(row), silent: true }), row.silent[0], lacked(row, row.silent));
    });

    if (row.elsewhere) {
      const [one, other, level] = row.elsewhere;
      it(`not in the same townships: ${level}`, () => {
        const [ones, others] = [row.has.map(() => one), row.has.map(() => other)];
        left([...ones, ...others], level);
      });
    }
  });
};
