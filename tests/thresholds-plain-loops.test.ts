// What rules look up fast, held against plain loops over all there is, for readings and forecasts that seeds determine.
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { columnOf, coverageOf, highestOf, indexBeyond, lowestOf } from '../src/processors/column.ts';
import { coveredBy, piecesOf, validValue } from '../src/processors/hourly.ts';
import { compareReadings, createWindow, indexAfter, trim } from '../src/processors/window.ts';
import type { Condition, Question } from '../src/standards/conditions.ts';
import { leavesOf } from '../src/standards/conditions.ts';
import { HAZARDS, LEVELS } from '../src/standards/weather-plan-2021.ts';
import { type Bounds, boundsFrom, toldOf } from '../src/thresholds/forecast.ts';
import type { Observed } from '../src/thresholds/observed.ts';
import { isSure, type Place } from '../src/thresholds/place.ts';
import { answersTo, NO, townshipsOf, UNKNOWN, YES } from '../src/thresholds/questions.ts';
import { createSheet, type Ready, type Strictness } from '../src/thresholds/sheet.ts';
import { at, reading, settingsOf } from './support/middle.ts';
import { seeded } from './support/random.ts';

const NOW = at('2026-07-20 08:00');
const MAX_AGE = 12 * HOUR;
const SEEDS = Array.from({ length: 300 }, (_, i) => i + 1);

const chooser = (seed: number) => {
  const random = seeded(seed);
  const whole = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const one = <T>(choices: readonly T[]): T => choices[whole(0, choices.length - 1)]!;
  return { random, whole, one };
};
type Chooser = ReturnType<typeof chooser>;

describe('forecasts', () => {
  type Of = 'sum' | 'highest';
  interface Window {
    from: number;
    to: number;
    value: number;
  }

  const join = (of: Of, a: number, b: number): number => (of === 'sum' ? a + b : Math.max(a, b));
  const nothingOf = (of: Of): number => (of === 'sum' ? 0 : Number.NEGATIVE_INFINITY);

  /** The best whole of windows within two instants that do not overlap. */
  const proved = (windows: readonly Window[], begin: number, end: number, of: Of): Window | undefined => {
    const wholes: Window[] = [];
    for (const window of windows.filter(({ from, to }) => from >= begin && to <= end)) {
      let best = window;
      for (const one of wholes) {
        const value = join(of, one.value, window.value);
        if (one.to <= window.from && value > best.value) best = { from: one.from, to: window.to, value };
      }
      wholes.push(best);
    }
    const highest = Math.max(...wholes.map(({ value }) => value));
    return wholes.find(({ value }) => value === highest);
  };

  /** Every whole of windows that join without a gap and begin at an instant, the highest by where it ends. */
  const joinedFrom = (windows: readonly Window[], begin: number, of: Of): Window[] => {
    const wholes = new Map([[begin, nothingOf(of)]]);
    for (const { from, to, value } of windows) {
      const before = wholes.get(from);
      if (before !== undefined) wholes.set(to, Math.max(wholes.get(to) ?? nothingOf(of), join(of, before, value)));
    }
    return [...wholes].slice(1).map(([to, value]) => ({ from: begin, to, value }));
  };

  const saidBy = (windows: readonly Window[], begin: number, end: number, play: number, of: Of) => {
    if (!windows.some(({ from }) => from <= begin + play)) return undefined;
    const begins = [...new Set(windows.map(({ from }) => from))].filter((from) => from <= begin + play);
    const joined = begins.flatMap((from) => joinedFrom(windows, from, of)).filter(({ to }) => to >= end - play);
    const off = ({ from, to }: Window): number =>
      Math.abs(from - begin) + Math.abs(to - end) + Math.abs(to - from - (end - begin));
    const fits = joined.filter(({ from, to }) => from >= begin - play && to <= end + play);
    const [fit] = fits.sort((a, b) => off(a) - off(b) || b.value - a.value);
    const slack = fit === undefined ? play : 0;
    const sure = proved(windows, begin - slack, end + slack, of);
    const best = fit !== undefined && fit.value >= (sure?.value ?? nothingOf(of)) ? fit : sure;
    const least = best?.value ?? nothingOf(of);
    const most = Math.max(least, fit?.value ?? Math.min(Infinity, ...joined.map(({ value }) => value)));
    return { least, most, fits: fit !== undefined, from: best?.from, to: best?.to };
  };

  /** Every issue is looked at, the newest first; the first that fits ends it. */
  const plain = (forecasts: readonly Reading[], hours: number, begin: number, play: number, of: Of): Bounds => {
    const times = [...new Set(forecasts.map(({ time }) => time))].filter((t) => t <= NOW && t >= NOW - MAX_AGE);
    let newest: Bounds | undefined;
    for (const time of times.sort((a, b) => b - a)) {
      const windows = forecasts
        .filter((one) => one.time === time && one.to! > NOW && validValue(one, 'rain') !== undefined)
        .map(({ from, to, values }) => ({ from: from!, to: to!, value: values['rain']! }))
        .sort((a, b) => a.from - b.from || a.to - b.to);
      const found = saidBy(windows, begin, begin + hours * HOUR, play, of);
      if (found === undefined) continue;
      if (newest === undefined && found.fits) return found;
      if (newest !== undefined && found.fits) {
        const most = Math.min(newest.most, Math.max(newest.least, found.most));
        if (found.least <= newest.least) return { ...newest, most };
        return { ...found, least: Math.min(found.least, newest.most), most };
      }
      newest ??= found;
    }
    return newest ?? { least: nothingOf(of), most: Infinity };
  };

  const issueAt = (age: number, { random, whole, one }: Chooser): Reading[] => {
    const begin = one([-1, 0, 0, 0, 0.5, 3]);
    const long = one([1, 3, 6, 12, 24]);
    const windows = Array.from({ length: whole(1, 9) }, (_, i): [number, number] =>
      random() < 0.7 ? [begin + i * long, begin + (i + 1) * long] : [whole(-6, 30), 0],
    );
    return windows.map(([from, to]) => {
      const end = to > from ? to : from + whole(1, 30);
      const more = { from: NOW + from * HOUR, to: NOW + end * HOUR };
      const flags = random() < 0.05 ? { flags: { rain: 'D' } } : {};
      return reading('forecast', 'east', NOW - age * HOUR, 0, { rain: whole(0, 9) }, { ...more, ...flags });
    });
  };

  it.each(SEEDS)('say the same as when all are looked at, seed %i', (seed) => {
    const choose = chooser(seed);
    const ages = [-1, 0, 1, 3, 6, 12, 13].filter(() => choose.random() < 0.6);
    const forecasts = ages.flatMap((age) => issueAt(age, choose)).sort(compareReadings);
    const column = columnOf(createWindow(0, forecasts), 'rain');
    const play = choose.one([0, 0.5, 1, 2]) * HOUR;
    for (const of of ['sum', 'highest'] as const) {
      const told = toldOf(column, (value) => value, of, NOW, MAX_AGE);
      // Asked one after the other, as what was looked up for one serves the next.
      for (const hours of [1, 3, 12, 24, 48])
        for (const begin of [NOW, NOW - 12 * HOUR, NOW + 12 * HOUR]) {
          const { least, most, from, to } = boundsFrom(told, hours, begin, play);
          const asked = plain(forecasts, hours, begin, play, of);
          expect([least, most, from, to]).toEqual([asked.least, asked.most, asked.from, asked.to]);
        }
    }
  });
});

describe('columns', () => {
  const readingsOf = ({ random, whole, one }: Chooser): Reading[] => {
    let time = NOW;
    return Array.from({ length: 300 }, () => {
      time += (random() < 0.9 ? 5 : one([1, 60])) * MINUTE;
      const period = random() < 0.97 ? 5 * MINUTE : one([0, 60]) * MINUTE;
      const flags = random() < 0.05 ? { flags: { wind_speed: 'D' } } : {};
      return reading('weather', 'g', time, period, { wind_speed: whole(-9, 9) }, flags);
    });
  };

  it.each(SEEDS.slice(0, 60))('keep what their values cover and their extremes, seed %i', (seed) => {
    const choose = chooser(seed);
    const all = readingsOf(choose);
    const window = createWindow(0);
    for (const [i, one] of all.entries()) {
      window.readings.push(one);
      if (choose.random() < 0.2) columnOf(window, 'wind_speed');
      if (choose.random() < 0.01) trim(window, all[Math.max(0, i - choose.whole(1, 100))]!.time);
    }
    const column = columnOf(window, 'wind_speed');
    for (let n = 0; n < 100; n++) {
      const first = choose.whole(0, all.length - 1);
      const last = Math.min(all.length - 1, first + choose.one([0, 1, 3, 30, 200]));
      const [from, to] = [all[first]!.time, all[last]!.time];
      const part = { begin: indexBeyond(column, from), end: indexBeyond(column, to) };
      const { readings } = window;
      const inside = readings
        .slice(indexAfter(readings, from), indexAfter(readings, to))
        .filter((one) => validValue(one, 'wind_speed') !== undefined);
      const values = inside.map((one) => one.values['wind_speed']!);
      expect(column.values.slice(part.begin, part.end)).toEqual(values);
      expect(highestOf(column, part)).toBe(Math.max(...values));
      expect(lowestOf(column, part)).toBe(Math.min(...values));
      const covered = coveredBy(piecesOf(inside, 'wind_speed', 5 * MINUTE));
      expect(coverageOf(column, part, 'wind_speed', 5 * MINUTE)).toBe(covered);
    }
  });
});

describe('questions', () => {
  const settings = settingsOf();
  const sheet = createSheet(settings);
  const words = settings.response;

  /** Questions of the plan, as it has them and as they are made ready; that of days alone are another document's. */
  const asked = Object.values(HAZARDS).flatMap((hazard) => {
    const levels = LEVELS.map((level) => hazard.levels[level] ?? []);
    const ladder = sheet.once(hazard, (make) => make(levels));
    return levels.flatMap((clauses, rank) =>
      clauses.flatMap((clause, i) => clause.map(({ each }, j) => ({ each, ready: ladder[rank]![i]![j]!.each }))),
    );
  });

  const conditionsOf = (question: Ready): Extract<Ready, { kind: 'condition' }>[] => {
    if ('parts' in question) return question.parts.flatMap(conditionsOf);
    return question.kind === 'condition' ? [question] : [];
  };

  const limitOf = (given: number | string): number =>
    typeof given === 'number' ? given : (words[given as 'strong_rain'] as number);

  /** What a condition's words say of a value, eased or not. */
  const isMet = (condition: Condition, value: number, strictness: Strictness): boolean => {
    const { quantity, atLeast, above, atMost, below } = condition;
    const limit = limitOf((atLeast ?? above ?? atMost ?? below)!);
    const whole = quantity.includes('temperature')
      ? words.reset_degrees
      : quantity === 'drought_index'
        ? words.reset_index
        : quantity.endsWith('force')
          ? words.reset_force
          : Math.abs(limit) * words.reset_share;
    const ease = strictness === 'keep' ? whole : 0;
    if (atLeast !== undefined) return value >= limit - ease;
    if (above !== undefined) return value > limit - ease;
    return atMost !== undefined ? -value <= limit + ease : -value < limit + ease;
  };

  type Known = (condition: Condition) => Observed;

  const plain = (question: Question, known: Known, developing: boolean | undefined, strictness: Strictness): number => {
    if ('all' in question) return Math.min(...question.all.map((one) => plain(one, known, developing, strictness)));
    if ('any' in question) return Math.max(...question.any.map((one) => plain(one, known, developing, strictness)));
    if ('trend' in question) return developing === undefined ? UNKNOWN : developing ? YES : NO;
    if ('days' in question) throw new Error('the plan does not ask of days');
    const { least, most } = known(question);
    if (isMet(question, least, strictness)) return YES;
    return isMet(question, most, strictness) ? UNKNOWN : NO;
  };

  const nameOf = ({ when, quantity, hours, of, during }: Condition): string =>
    [when, quantity, hours, of, during].join();

  /** Bounds near the limits that are asked for: the lower end, the upper or both are known, or neither. */
  const boundsNear = (condition: Condition, { whole, one }: Chooser): Observed => {
    const { atLeast, above, atMost, below } = condition;
    const given = limitOf((atLeast ?? above ?? atMost ?? below)!);
    const near = (atMost ?? below) === undefined ? given : -given;
    const least = one([Number.NEGATIVE_INFINITY, near, near + whole(-3, 3), near * 0.9, near * 1.1, near - 0.5]);
    return { least, most: one([least, Math.max(least, near + whole(-3, 3)), Number.POSITIVE_INFINITY]) };
  };

  it.each(SEEDS)('have the same answers in rows, one by one and by plain words, seed %i', (seed) => {
    const choose = chooser(seed);
    const developing = Array.from({ length: 5 }, () => choose.one([true, false, undefined]));
    const forecast = (trend: boolean | undefined): Reading[] =>
      trend === undefined ? [] : [reading('forecast', 'east', NOW, 0, {}, { trend: trend ? 'developing' : 'easing' })];
    const known = developing.map(() => new Map<string, Observed>());
    const places = known.map((bounds, i) => {
      const slots: Observed[] = [];
      for (const { ready } of asked)
        for (const one of conditionsOf(ready)) {
          const found = bounds.get(nameOf(one.condition)) ?? boundsNear(one.condition, choose);
          bounds.set(nameOf(one.condition), found);
          slots[one.slot] ??= found;
          // Conditions of two names never share a slot.
          expect(slots[one.slot]).toBe(found);
        }
      const world = { now: NOW, settings, forecasts: () => forecast(developing[i]) };
      return { id: String(i), name: String(i), known: slots, days: [], world } as unknown as Place;
    });
    const townships = townshipsOf(places);
    for (const { each, ready } of asked) {
      const by = (strictness: Strictness): number[] =>
        known.map((bounds, i) => plain(each, (one) => bounds.get(nameOf(one))!, developing[i], strictness));
      expect(answersTo(townships, ready, 'raise')).toEqual(by('raise'));
      expect(answersTo(townships, ready, 'keep')).toEqual(by('keep'));
      expect(places.map((place) => isSure(place, ready))).toEqual(by('raise').map((answer) => answer === YES));
    }
  });

  it('of the plan are many, and ask of gauges and of forecasts', () => {
    const leaves = asked.flatMap(({ each }) => leavesOf(each)).filter((one) => 'when' in one);
    expect(new Set(leaves.map(({ when }) => when))).toEqual(new Set(['observed', 'forecast']));
    expect(asked.length).toBeGreaterThan(30);
  });
});

it('a column that someone holds stays as it was when its window is trimmed: evidence is asked for later', () => {
  const hourly = (hour: number): Reading => ({
    feed: 'weather',
    station: 'rain-1',
    time: hour * HOUR,
    start: (hour - 1) * HOUR,
    values: { rain: hour },
  });
  const window = createWindow(
    0,
    Array.from({ length: 100 }, (_, i) => hourly(i + 1)),
  );
  const held = columnOf(window, 'rain');
  const before = structuredClone(held);
  trim(window, 60 * HOUR);
  expect(held).toEqual(before);
  expect(columnOf(window, 'rain').values).toEqual(Array.from({ length: 40 }, (_, i) => 61 + i));
});
