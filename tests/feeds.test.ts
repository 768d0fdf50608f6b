import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeds } from '../sensors/feeds/index.ts';
import { FEEDS } from '../src/core/types.ts';

const accepts = (feed: (typeof FEEDS)[number], message: unknown): boolean =>
  feeds[feed].payload.safeParse(message).success;
const minimal = { forecast: { from: 0, to: 86_400_000 } } as Record<string, object>;
const time = '2026-07-20T08:00:00+08:00';

// The table of the message contract, word for word.
const CONTRACT: Record<string, string> = {
  air: 'pm25 pm10 tsp so2 no2 nox o3 co',
  dustfall: 'dustfall gross tare blank area',
  weather:
    'rain snow hail wind_speed gust wind_direction temperature ground_temperature humidity visibility pressure lightning drought_index',
  forecast:
    'rain snow hail temperature_max temperature_min temperature_min_drop ground_temperature_min wind_force gust_force gust visibility rain_1h_max daily_aqi',
  water:
    'water_temperature ph dissolved_oxygen permanganate_index cod bod5 ammonia_nitrogen total_phosphorus total_nitrogen copper zinc fluoride selenium arsenic mercury cadmium chromium_vi lead cyanide volatile_phenol petroleum anionic_surfactant sulfide faecal_coliform conductivity turbidity water_level',
  emission: 'pm so2 nox o2 flow temperature pressure humidity',
};
const UNITS: Record<string, string> = {
  'air.pm25': 'µg/m³',
  'air.co': 'mg/m³',
  'dustfall.dustfall': 't/(km²·30d)',
  'dustfall.gross': 'g',
  'dustfall.area': 'cm²',
  'weather.rain': 'mm',
  'weather.wind_direction': '°',
  'weather.visibility': 'm',
  'weather.pressure': 'hPa',
  'forecast.wind_force': 'Beaufort',
  'water.cod': 'mg/L',
  'water.faecal_coliform': '1/L',
  'water.conductivity': 'µS/cm',
  'water.turbidity': 'NTU',
  'emission.nox': 'mg/m³',
  'emission.flow': 'm³/h',
};

describe('quantities', () => {
  it.each(FEEDS)('%s measures what the contract names, and nothing else', (feed) => {
    expect(feeds[feed].feed).toBe(feed);
    expect(Object.keys(feeds[feed].quantities).sort()).toEqual(CONTRACT[feed]!.split(' ').sort());
  });

  it('have the units of the contract', () => {
    const all = FEEDS.flatMap((feed) =>
      Object.entries(feeds[feed].quantities).map(([key, { unit }]) => [`${feed}.${key}`, unit] as const),
    );
    expect(Object.fromEntries(all)).toMatchObject(UNITS);
  });

  it('have a name in two languages, a unit and a range with room for zero drift', () => {
    for (const feed of FEEDS)
      for (const quantity of Object.values(feeds[feed].quantities)) {
        expect(quantity.name.zh && quantity.name.en && quantity.unit).toBeTruthy();
        expect(quantity.least).toBeLessThan(quantity.most);
      }
    expect(feeds.air.quantities['so2']!.least).toBeLessThan(-2); // HJ 818 treats -2 µg/m³ as drift, not as impossible
    expect(feeds.weather.quantities['rain']!.least).toBe(0);
    expect([feeds.water.quantities['ph']!.least, feeds.water.quantities['ph']!.most]).toEqual([0, 14]);
  });

  it('add up, average, or keep an extreme', () => {
    const how = (key: string) => feeds.weather.quantities[key]!.aggregate;
    expect(['rain', 'snow', 'lightning'].map(how)).toEqual(['sum', 'sum', 'sum']);
    expect(['hail', 'gust', 'visibility', 'wind_direction', 'drought_index', 'temperature'].map(how)).toEqual([
      'max',
      'max',
      'min',
      'direction',
      'last',
      'mean',
    ]);
  });
});

describe('messages', () => {
  it.each(FEEDS)('%s: time and values are enough; unknown keys and wrong types are not', (feed) => {
    const good = { time, values: {}, ...minimal[feed] };
    const [key] = Object.keys(feeds[feed].quantities) as [string];
    expect(accepts(feed, good)).toBe(true);
    expect(accepts(feed, { ...good, time: 1_753_000_000_000 })).toBe(true);
    for (const wrong of [
      { ...good, time: undefined },
      { ...good, time: null },
      { ...good, values: undefined },
      { ...good, values: { [key]: '35' } },
      { ...good, values: { [key]: true } },
      { ...good, values: { [key]: Number.POSITIVE_INFINITY } },
      { ...good, values: { unheard_of: 1 } },
      { ...good, flags: { unheard_of: 'N' } },
      { ...good, flags: { [key]: '' } },
      { ...good, sequence: 1.5 },
      { ...good, period: 3600 },
      { ...good, extra: 1 },
      JSON.parse(`{"time":1,"values":{"__proto__":1}}`),
      [],
      null,
      'text',
    ])
      expect(accepts(feed, wrong), JSON.stringify(wrong)).toBe(false);
  });

  it('air takes null for not measured, flags, period and sequence', () => {
    const message = { time, period: 'PT1H', values: { pm25: 35, pm10: null }, flags: { pm25: 'N' }, sequence: 17 };
    expect(feeds.air.payload.parse(message)).toEqual(message);
  });

  it('extras belong to their feed only', () => {
    expect(accepts('weather', { time, values: {}, phenomena: ['fog', 'thunderstorm'] })).toBe(true);
    expect(accepts('weather', { time, values: {}, phenomena: ['rain of frogs'] })).toBe(false);
    expect(accepts('air', { time, values: {}, phenomena: ['fog'] })).toBe(false);
    expect(accepts('emission', { time, values: {}, status: 'calibration' })).toBe(true);
    expect(accepts('emission', { time, values: {}, status: 'on' })).toBe(false);
    expect(accepts('water', { time, values: {}, status: 'running' })).toBe(false);
    expect(accepts('weather', { time, values: {}, trend: 'easing' })).toBe(false);
  });

  it('a forecast needs its window', () => {
    const whole = { time, from: time, to: '2026-07-21T08:00:00+08:00', values: { rain: 60 }, trend: 'developing' };
    expect(accepts('forecast', whole)).toBe(true);
    expect(accepts('forecast', { ...whole, from: undefined })).toBe(false);
    expect(accepts('forecast', { ...whole, to: undefined })).toBe(false);
    expect(accepts('forecast', { ...whole, trend: 'steady' })).toBe(false);
  });

  it('dustfall is a result, or a whole weighing with its exposure', () => {
    const weighing = { gross: 51.234, tare: 51.1, blank: 0.002, area: 176.7 };
    const exposure = { start: '2026-06-01T09:00:00+08:00', end: '2026-07-01T09:00:00+08:00' };
    expect(accepts('dustfall', { time, period: 'P1M', values: { dustfall: 7.3 } })).toBe(true);
    expect(accepts('dustfall', { time, values: weighing, ...exposure })).toBe(true);
    expect(accepts('dustfall', { time, values: { ...weighing, dustfall: null }, ...exposure })).toBe(true);
    expect(accepts('dustfall', { time, values: weighing })).toBe(false);
    expect(accepts('dustfall', { time, values: weighing, start: exposure.start })).toBe(false);
    expect(accepts('dustfall', { time, values: { ...weighing, area: null }, ...exposure })).toBe(false);
    expect(accepts('dustfall', { time, values: { ...weighing, dustfall: 7.3 }, ...exposure })).toBe(false);
  });

  it('nothing that can arrive makes a form throw', () => {
    const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true });
    const halfway = fc.record(
      { time: anything, values: anything, flags: anything, from: anything, start: anything },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.constantFrom(...FEEDS), fc.oneof(anything, halfway, fc.jsonValue()), (feed, message) => {
        feeds[feed].payload.safeParse(message);
      }),
      { numRuns: 3000 },
    );
  });

  it('every message made of known quantities is taken as it is', () => {
    const message = fc.constantFrom(...FEEDS.filter((feed) => feed !== 'dustfall')).chain((feed) => {
      const value = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
      const keys = Object.keys(feeds[feed].quantities);
      const values = fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
      return fc.record({ feed: fc.constant(feed), time: fc.integer(), values });
    });
    fc.assert(
      fc.property(message, ({ feed, time, values }) => {
        const given = { time, values: { ...values }, ...minimal[feed] };
        expect(feeds[feed].payload.parse(given)).toEqual(given);
      }),
    );
  });

  it('checks more than 300,000 messages a second, in a process of its own', () => {
    const script = `
      import { feeds } from './sensors/feeds/index.ts';
      const values = { pm25: 35, pm10: 60, tsp: 80, so2: 8, no2: 20, nox: 30, o3: 90, co: 0.6 };
      const message = { time: '2026-07-20T08:00:00+08:00', values };
      const rates = [1, 2, 3, 4].map(() => {
        const begun = performance.now();
        for (let i = 0; i < 100_000; i++) if (!feeds.air.payload.safeParse(message).success) throw new Error('refused');
        return 100_000_000 / (performance.now() - begun);
      });
      console.log(Math.max(...rates));`;
    const cwd = join(import.meta.dirname, '..');
    const rate = Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd, encoding: 'utf8' }),
    );
    expect(rate).toBeGreaterThan(300_000);
  });
});
