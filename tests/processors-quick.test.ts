// What is worked out the quick way, or remembered, against the plain way: hours in one go, figures of a window that readings have come
// into since, and readings within an hour that neither close a period nor come too late for one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeds } from '../sensors/feeds/index.ts';
import { tidy } from '../src/core/round.ts';
import { DAY, floorTo, HOUR, MINUTE } from '../src/core/time.ts';
import type { Figure, Reading } from '../src/core/types.ts';
import { admit, closing, revise } from '../src/processors/cadence.ts';
import { type HourValue, hourly, piecesOf, summarise } from '../src/processors/hourly.ts';
import { processors } from '../src/processors/index.ts';
import { anchorOf, arrivalOf, createWindow, insert, newestOf, type Window } from '../src/processors/window.ts';
import { at, PT5M, settingsOf, station } from './support/middle.ts';

const T0 = at('2026-07-20 00:00');
const settings = settingsOf();
const { quantities } = feeds.weather;
const NAMES = [
  'rain',
  'hail',
  'wind_speed',
  'wind_direction',
  'temperature',
  'visibility',
  'drought_index',
  'lightning',
];

const values = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.oneof(fc.double({ min: 0, max: 360, noNaN: true }), fc.nat(9)),
  {
    minKeys: 1,
  },
);
const flags = fc.option(fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom('N', 'M')), {
  nil: undefined,
  freq: 4,
});
const status = fc.option(fc.constantFrom('running', 'fault'), { nil: undefined, freq: 6 });

type Content = Pick<Reading, 'values' | 'flags' | 'status'>;
const contents = fc.record({ values, flags, status }) as fc.Arbitrary<Content>;

const readingOf = (time: number, length: number, content: Content): Reading => {
  const { flags: some, status: one } = content;
  const more = { ...(some ? { flags: some } : {}), ...(one ? { status: one } : {}) };
  return { feed: 'weather', station: 'g', time, start: time - length, values: content.values, ...more };
};

/** The hour by loops alone, where readings follow each other. */
const plainly = (readings: readonly Reading[], name: string): HourValue | undefined => {
  const used = readings.filter(
    (one) => name in one.values && (one.flags?.[name] ?? 'N') === 'N' && one.status !== 'fault',
  );
  if (used.length === 0) return undefined;
  const all = used.map((one) => one.values[name]!);
  const lengths = used.map((one) => one.time - one.start);
  let [sum, weighed, covered, east, north] = [0, 0, 0, 0, 0];
  used.forEach((one, i) => {
    const windy = (one.flags?.['wind_speed'] ?? 'N') === 'N' ? one.values['wind_speed'] : undefined;
    sum += all[i]!;
    weighed += all[i]! * lengths[i]!;
    covered += lengths[i]!;
    east += (windy ?? 1) * Math.sin(all[i]! * (Math.PI / 180));
    north += (windy ?? 1) * Math.cos(all[i]! * (Math.PI / 180));
  });
  const { aggregate } = quantities[name]!;
  if (aggregate === 'direction' && Math.hypot(east, north) < 1e-9) return undefined;
  const alike = lengths.every((length) => length === lengths[0]);
  const value = {
    mean: alike ? sum / all.length : weighed / covered,
    sum,
    max: Math.max(...all),
    min: Math.min(...all),
    last: all.at(-1)!,
    direction: (Math.atan2(east, north) / (Math.PI / 180) + 360) % 360,
  }[aggregate];
  return { value: tidy(value), covered, least: Math.min(...all), most: Math.max(...all) };
};

describe('an hour', () => {
  it('of readings that follow each other is what loops make of it', () => {
    const lengths = fc.oneof(fc.constant(5), fc.integer({ min: 1, max: 7 }));
    const given = fc.array(fc.tuple(lengths, fc.nat(2), contents), { minLength: 1, maxLength: 6 });
    let uneven = 0;
    fc.assert(
      fc.property(given, (parts) => {
        let time = T0;
        const readings = parts.map(([length, gap, content]) => {
          time += (gap + length) * MINUTE;
          return readingOf(time, length * MINUTE, content);
        });
        if (parts.some(([length]) => length !== parts[0]![0])) uneven++;
        const found = hourly(createWindow(T0 - DAY, readings), T0, quantities, 5 * MINUTE);
        for (const name of NAMES) expect(found?.values.get(name)).toEqual(plainly(readings, name));
      }),
      { numRuns: 1000 },
    );
    expect(uneven).toBeGreaterThan(100);
  });

  it('of readings that overlap, or are of an instant, is what their pieces make', () => {
    const given = fc.array(fc.tuple(fc.integer({ min: 1, max: 59 }), fc.nat(30), contents), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(given, (parts) => {
        const readings = parts
          .map(([minute, length, content]) =>
            readingOf(T0 + minute * MINUTE, Math.min(length, minute) * MINUTE, content),
          )
          .toSorted((a, b) => a.time - b.time || a.start - b.start);
        const found = hourly(createWindow(T0 - DAY, readings), T0, quantities, 5 * MINUTE);
        for (const name of NAMES)
          expect(found?.values.get(name)).toEqual(
            summarise(quantities[name]!.aggregate, piecesOf(readings, name, 5 * MINUTE)),
          );
      }),
      { numRuns: 500 },
    );
  });
});

const AIR = ['pm25', 'pm10', 'o3', 'so2'];
const LENGTHS = [5 * MINUTE, HOUR, 20 * MINUTE, 0, DAY];

/** Readings of some days, in any order, some of them sent again with other values. */
const airs = fc.array(
  fc.record({
    ticks: fc.oneof(fc.nat(12 * 3), fc.nat(12 * 48)),
    length: fc.constantFrom(...LENGTHS, 5 * MINUTE, HOUR),
    values: fc.dictionary(fc.constantFrom(...AIR), fc.nat(300), { minKeys: 1 }),
  }),
  { minLength: 1, maxLength: 40 },
);

const place = { station: station('a', { air: PT5M }, { assessed: true }), settings };
const { cadences } = processors.air;

const readingsOf = (drafts: readonly { ticks: number; length: number; values: Record<string, number> }[]): Reading[] =>
  drafts.map(({ ticks, length, values: given }) => {
    const time = T0 + ticks * 5 * MINUTE;
    return { feed: 'air', station: 'a', time, start: time - length, values: given };
  });

const everyFigure = (window: Window): (Figure | undefined)[] =>
  [0, 1, 5, 23, 24, 30, 47].flatMap((hours) =>
    cadences.map((cadence) => cadence.make(window, cadence.span(T0 + hours * HOUR, settings), place)),
  );

/** As `admit`, with every period of every cadence looked at at every reading, and nothing remembered. */
const admitPlainly = (window: Window, reading: Reading, newest: number) => {
  const to = Math.max(newest, reading.time);
  const whole = (readings: readonly Reading[]): Window => createWindow(window.from, readings);
  const spans = cadences.map((cadence) => ({ cadence, span: cadence.span(anchorOf(reading), settings) }));
  const over = spans.filter(({ span }) => span.end <= newest);
  const before = over.map(({ cadence, span }) => cadence.make(whole(window.readings), span, place));
  const arrival = arrivalOf(window, reading);
  if (arrival.arrival === 'duplicate') return { late: false, closed: false, figures: [] };
  insert(window, reading, arrival);
  const anew = () =>
    Object.assign(whole(window.readings), { provisional: window.provisional, loadedTo: window.loadedTo });
  const late = over.flatMap(({ cadence, span }, i) => revise(before[i], cadence.make(anew(), span, place)) ?? []);
  const ended = cadences.flatMap((cadence) => closing(cadence, anew(), place, newest, to, false));
  const closed = over.length > 0 || cadences.some((cadence) => cadence.span(newest, settings).end <= to);
  return { late: over.length > 0, closed, figures: [...late, ...ended] };
};

describe('figures of air', () => {
  it('are those of a window made anew, whatever was asked before and has come since', () => {
    fc.assert(
      fc.property(airs, fc.nat(2), (drafts, turn) => {
        const window = createWindow(T0 - 2 * DAY);
        for (const reading of readingsOf(drafts)) {
          insert(window, reading, arrivalOf(window, reading));
          if ((turn + window.readings.length) % 3 > 0) everyFigure(window);
        }
        expect(everyFigure(window)).toEqual(everyFigure(createWindow(window.from, window.readings)));
      }),
      { numRuns: 300 },
    );
  });

  it('are written when a look at every period says so', () => {
    let late = 0;
    fc.assert(
      fc.property(airs, (drafts) => {
        const [quick, plain] = [createWindow(T0 - 2 * DAY), createWindow(T0 - 2 * DAY)];
        for (const reading of readingsOf(drafts)) {
          const newest = newestOf(plain) ?? reading.start;
          const expected = admitPlainly(plain, reading, newest);
          const found = admit(cadences, quick, place, reading, newest);
          const { late: isLate, closed, figures } = found;
          expect({ late: isLate, closed, figures }).toEqual(expected);
          if (found.late) late++;
        }
      }),
      { numRuns: 300 },
    );
    expect(late).toBeGreaterThan(100);
  });
});

describe('periods', () => {
  it('of all feeds begin and end at whole hours, whenever the day of weather begins', () => {
    for (const day_starts of ['20:00', '08:00'] as const)
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 4e12 }), (instant) => {
          for (const { cadences: all } of Object.values(processors))
            for (const cadence of all) {
              const { start, end } = cadence.span(instant, settingsOf({ weather: { day_starts } }));
              expect([floorTo(start, HOUR), floorTo(end, HOUR)]).toEqual([start, end]);
              expect(start <= instant && instant < end).toBe(true);
            }
        }),
        { numRuns: 50 },
      );
  });
});
