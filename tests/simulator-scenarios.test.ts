import { describe, expect, it } from 'vitest';
import { feeds } from '../sensors/feeds/index.ts';
import { stationsOf } from '../src/core/catalog.ts';
import { DAY, dayStart, HOUR, MINUTE, parseTime } from '../src/core/time.ts';
import { catalog, type Heard, hear, NOW } from './support/simulated.ts';

const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const township = (station: string) => catalog.stations.get(station)?.township ?? '';
const groupBy = <T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> => Map.groupBy(all, key);

/** Observed rain of the 24 h before an instant and the newest forecast of the 24 h after it, by township. */
const rainAt = (heard: Heard[], instant: number) => {
  const gauges = heard.filter(({ feed, end }) => feed === 'weather' && end > instant - DAY && end <= instant);
  const issues = heard.filter(
    ({ feed, station, end }) => feed === 'forecast' && station !== 'county' && end <= instant && end > instant - HOUR,
  );
  const observed = groupBy(gauges, ({ station }) => township(station));
  return issues.map(({ station, body }) => ({
    station,
    coming: body!.values['rain']!,
    fallen: (observed.get(station) ?? []).reduce((sum, reading) => sum + reading.body!.values['rain']!, 0),
  }));
};

/** Levels of 沁政办发〔2021〕19号 附件6 that observed rain reaches with a forecast that bears it out; 25 mm stands for 较强降雨. */
const observedLevels = (rain: ReturnType<typeof rainAt>): string[] => {
  const townships = (fallen: number, coming: number) =>
    rain.filter((one) => one.fallen >= fallen && one.coming >= coming).length;
  return [
    ...(townships(50, 25) >= 4 ? ['IV'] : []),
    ...(townships(50, 50) >= 6 ? ['III'] : []),
    ...(townships(100, 50) >= 3 ? ['II'] : []),
    ...(townships(150, 50) >= 3 ? ['I'] : []),
  ];
};

describe('rainstorm', () => {
  it.each([1, 2, 3, 4])('reaches IV, III, II and I one after the other by observed rain (seed %i)', (seed) => {
    const heard = hear('rainstorm', { seed });
    const first = new Map<string, number>();
    for (let instant = NOW - 36 * HOUR; instant <= NOW; instant += 10 * MINUTE)
      for (const level of observedLevels(rainAt(heard, instant))) if (!first.has(level)) first.set(level, instant);
    const [iv = 0, iii = 0, ii = 0, i = 0] = ['IV', 'III', 'II', 'I'].map((level) => first.get(level));
    expect([...first.keys()]).toEqual(['IV', 'III', 'II', 'I']);
    expect(iv < iii && iii < ii && ii < i).toBe(true);
    expect(i).toBeGreaterThan(NOW - 6 * HOUR);
  });

  it.each([1, 2, 3, 4])('is at its highest level when live time begins, and for an hour after (seed %i)', (seed) => {
    const heard = hear('rainstorm', { seed });
    expect(observedLevels(rainAt(heard, NOW))).toContain('I');
    expect(observedLevels(rainAt(heard, NOW + HOUR))).toContain('I');
  });

  it('never reaches III or II by forecast alone, and IV not before rain has fallen', () => {
    const heard = hear('rainstorm');
    for (let instant = NOW - 48 * HOUR; instant <= NOW + 12 * HOUR; instant += HOUR) {
      const rain = rainAt(heard, instant);
      expect(rain.filter(({ coming }) => coming >= 100)).toEqual([]);
      if (Math.max(...rain.map(({ fallen }) => fallen)) < 40)
        expect(rain.filter(({ coming }) => coming >= 50)).toEqual([]);
    }
  });

  it('goes on raining and ends some hours later', () => {
    const sum = (from: number, to: number) =>
      hear('rainstorm').reduce(
        (all, { feed, end, body }) => all + (feed === 'weather' && end > from && end <= to ? body!.values['rain']! : 0),
        0,
      );
    expect(sum(NOW, NOW + 2 * HOUR)).toBeGreaterThan(60);
    expect(sum(NOW + 15 * HOUR, NOW + 24 * HOUR)).toBe(0);
    expect(sum(NOW - 72 * HOUR, NOW - 26 * HOUR)).toBe(0);
  });

  it('passes the forms of the feeds too', () => {
    const wrong = hear('rainstorm').filter(
      ({ feed, body }) => !feeds[feed as 'weather'].payload.safeParse(body).success,
    );
    expect(wrong).toEqual([]);
  });
});

describe('dustfall', () => {
  it.each([1, 2, 3])('has exactly one point above 9.0 last month (seed %i)', (seed) => {
    const points = hear('calm,dustfall', { seed }).filter(({ feed }) => feed === 'dustfall');
    expect(points.map(({ body }) => body?.time)).toEqual(points.map(() => '2026-07-01T00:00:00+08:00'));
    expect(
      points.filter(({ body }) => body!.values['dustfall']! > 9).map(({ body }) => body!.values['dustfall']),
    ).toEqual([9.6]);
    expect(points).toHaveLength(stationsOf(catalog, 'dustfall').length);
  });
});

describe('heavy-pollution', () => {
  const heard = hear('heavy-pollution');
  it('keeps the daily mean of PM2.5 above 150 for two days and more', () => {
    const air = heard.filter(({ feed, end }) => feed === 'air' && end > NOW - 48 * HOUR && end <= NOW);
    const days = groupBy(air, ({ end }) => String(end <= NOW - DAY));
    expect(days.size).toBe(2);
    for (const day of days.values()) expect(mean(day.map(({ body }) => body!.values['pm25']!))).toBeGreaterThan(150);
    expect(Math.max(...air.map(({ body }) => body!.values['pm25']!))).toBeGreaterThan(200);
  });

  it('forecasts an AQI above 200 for consecutive Beijing days', () => {
    const issue = heard.filter(
      ({ station, end }) => station === 'county' && end === parseTime('2026-07-19T17:00:00+08:00'),
    );
    expect(issue.map(({ body }) => parseTime(body!.from!))).toEqual(
      [0, 1, 2, 3].map((ahead) => dayStart(NOW) - DAY + ahead * DAY),
    );
    expect(issue.filter(({ body }) => body!.values['daily_aqi']! > 200).length).toBeGreaterThanOrEqual(3);
  });
});

describe('emission-exceedance', () => {
  /** Hours in which an outlet's mean, converted at its own oxygen (21 - reference) / (21 - o2), is above its limit. */
  const exceeding = (scenario: string) => {
    const stacks = hear(scenario).filter(({ feed }) => feed === 'emission');
    const hours = groupBy(stacks, ({ station, end }) => `${station} ${Math.ceil(end / HOUR)}`);
    return [...hours.values()].flatMap((hour) => {
      const { id, limits, referenceOxygen } = catalog.stations.get(hour[0]!.station)!;
      const factor = (o2: number) => (referenceOxygen === undefined ? 1 : (21 - referenceOxygen) / (21 - o2));
      return Object.entries(limits ?? {})
        .filter(
          ([quantity, limit]) =>
            mean(hour.map(({ body }) => body!.values[quantity]! * factor(body!.values['o2']!))) > limit,
        )
        .map(([quantity]) => `${id} ${quantity}`);
    });
  };

  it('has one outlet above one limit for ten hours, and none when it is calm', () => {
    expect(exceeding('calm')).toEqual([]);
    const hours = exceeding('emission-exceedance');
    expect(new Set(hours).size).toBe(1);
    expect(hours).toHaveLength(10);
  });

  it('has plausible oxygen: above the reference, below that of air', () => {
    const odd = hear('emission-exceedance').filter(({ feed, station, body }) => {
      const o2 = body!.values['o2'];
      return feed === 'emission' && !(o2! > (catalog.stations.get(station)?.referenceOxygen ?? 0) && o2! < 20.9);
    });
    expect(odd).toEqual([]);
  });
});
