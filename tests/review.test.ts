// A person's word on readings: figures and signals follow it, the value stays as it came.
import { afterEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { createArchive } from '../src/intake/archive.ts';
import type { Review } from '../src/intake/reviews.ts';
import { handIn, reviewOf } from './support/desk.ts';
import { at, catalogOf, everyInstant, MONTH, PT1H, reading, station } from './support/middle.ts';
import { createRig, messageOf, type Rig } from './support/pipeline.ts';

const NOW = at('2026-08-05 00:00');
const catalog = catalogOf([
  station('a', { air: PT1H }),
  station('p1', { dustfall: MONTH }),
  station('p2', { dustfall: MONTH }),
  station('w', { water: everyInstant(4 * HOUR) }),
]);
const july = (id: string, dustfall: number): Reading =>
  reading('dustfall', id, '2026-08-01 00:00', 31 * DAY, { dustfall });
const hour = (n: number, values: Reading['values'], day = '2026-08-04 00:00'): Reading =>
  reading('air', 'a', at(day) + n * HOUR, HOUR, values);

const rigs: Rig[] = [];
const rigOf = (database?: Rig['database']): Rig => {
  const rig = createRig(catalog, { now: () => NOW, ...(database ? { database } : {}) });
  rigs.push(rig);
  return rig;
};
afterEach(() => {
  for (const { pipeline } of rigs.splice(0)) pipeline.stop();
});

/** A rig that has taken some readings, and the clock of now. */
const having = (...readings: Reading[]): Rig => {
  const rig = rigOf();
  rig.send(...readings.map(messageOf));
  rig.tick(NOW);
  rig.pipeline.drain();
  return rig;
};

const review = (rig: Rig, action: Review['action'], one: Reading, quantities: Review['quantities'] = 'all') => {
  const [row] = handIn(rig, reviewOf(action, one, quantities, NOW));
  // A period that only the clock has closed is written again at its next tick.
  rig.tick(NOW);
  rig.pipeline.drain();
  return [row!.state, row!.detail];
};

/** A row of the series: `air a` at a Beijing time. */
const row = (rig: Rig, measurement: string, id: string, time: string) => {
  const wanted = new Date(at(time)).toISOString().replace('.000Z', 'Z');
  const found = Object.entries(rig.series()).find(
    ([key]) => key.startsWith(`${measurement} `) && key.includes(` station ${id}`) && key.endsWith(wanted),
  );
  return found?.[1];
};
const signalOf = ({ pipeline }: Rig, kind = 'dustfall-rectification') =>
  pipeline.register.all().find((signal) => signal.kind === kind);

describe('a month’s dustfall above 9', () => {
  it('made invalid lifts the campaign, restored it raises it again; each once', () => {
    const rig = having(july('p1', 12), july('p2', 4));
    expect(signalOf(rig)).toMatchObject({ state: 'active', version: 1 });
    const [first] = [signalOf(rig)!.id];

    expect(review(rig, 'invalidate', july('p1', 12), ['dustfall'])).toEqual(['invalidated', '']);
    expect(signalOf(rig)).toMatchObject({ id: first, state: 'lifted', version: 2 });
    expect(row(rig, 'dustfall_month', 'county', '2026-07-01 00:00')).toMatchObject({
      max: 4,
      min: 4,
      mean: 4,
      count: 1,
    });
    expect(row(rig, 'dustfall_month', 'p1', '2026-07-01 00:00')).toBeUndefined();

    expect(review(rig, 'restore', july('p1', 12), ['dustfall'])).toEqual(['restored', '']);
    expect(signalOf(rig)).toMatchObject({ state: 'active', version: 1 });
    expect(signalOf(rig)!.id).not.toBe(first);
    expect(row(rig, 'dustfall_month', 'county', '2026-07-01 00:00')).toMatchObject({ max: 12, mean: 8, count: 2 });
  });

  it('of which nothing else is known holds, and says what it lacks: unknown is not low', () => {
    const rig = having(july('p1', 12));
    review(rig, 'invalidate', july('p1', 12));
    expect(signalOf(rig)).toMatchObject({ state: 'active', lacking: ['降尘量 (dustfall): 全部点位 (all points)'] });
    rig.send(messageOf(july('p2', 4)));
    rig.pipeline.drain();
    expect(signalOf(rig)).toMatchObject({ state: 'lifted' });
  });

  it('a rejected weight rejects what was weighed from it', () => {
    const values = { gross: 52.3314, tare: 52.012, blank: 0.0012, area: 176.7 };
    const weighing = reading('dustfall', 'p1', '2026-08-01 00:00', 31 * DAY, values);
    const rig = rigOf();
    const { payload, ...message } = messageOf(weighing);
    const { period: _, ...body } = JSON.parse(payload);
    const exposure = { start: new Date(weighing.start).toISOString(), end: body.time };
    rig.send({ ...message, payload: JSON.stringify({ ...body, ...exposure }) });
    rig.pipeline.drain();
    expect(row(rig, 'dustfall_month', 'p1', '2026-07-01 00:00')).toMatchObject({ dustfall: 17.4 });
    review(rig, 'invalidate', weighing, ['tare']);
    expect(row(rig, 'dustfall_month', 'p1', '2026-07-01 00:00')).toBeUndefined();
    expect(row(rig, 'dustfall', 'p1', '2026-08-01 00:00')).toMatchObject({ tare: 52.012, flag: 'tare=RM,dustfall=RM' });
  });
});

describe('the value', () => {
  const one = hour(1, { pm25: 40, pm10: 60 });
  const archived = (rig: Rig): Reading[] => createArchive(rig.database).range('air', 'a', 0, NOW);

  it('stays in series and archive as it came; its own flag is back when it is restored', () => {
    const flagged: Reading = { ...one, flags: { pm10: 'M' } };
    const rig = having(flagged);
    review(rig, 'invalidate', one, ['pm10', 'pm25']);
    const time = '2026-08-04 01:00';
    expect(row(rig, 'air', 'a', time)).toEqual({ pm25: 40, pm10: 60, flag: 'pm10=RM,pm25=RM' });
    expect(archived(rig)).toEqual([flagged]);
    review(rig, 'restore', one, ['pm10', 'pm25']);
    expect(row(rig, 'air', 'a', time)).toEqual({ pm25: 40, pm10: 60, flag: 'pm10=M' });
    expect(archived(rig)).toEqual([flagged]);
  });

  it('sent again is still invalid; sent with other values too, and these count once it is restored', () => {
    const rig = having(one);
    const hourly = () => row(rig, 'air_hour', 'a', '2026-08-04 00:00');
    review(rig, 'invalidate', one, ['pm25']);
    expect(hourly()).not.toHaveProperty('pm25');
    const other = hour(1, { pm25: 44, pm10: 60 });
    rig.send(messageOf(one), messageOf(other), messageOf(other));
    rig.pipeline.drain();
    expect(rig.pipeline.counts()).toMatchObject({ outcomes: { stored: 2, duplicate: 2, quarantined: 0 }, inFlight: 0 });
    expect(hourly()).not.toHaveProperty('pm25');
    expect(archived(rig)).toEqual([other]);
    expect(review(rig, 'restore', one, ['pm25'])).toEqual(['restored', '']);
    expect(hourly()).toMatchObject({ pm25: 44, pm10: 60 });
  });

  it('all of it invalid, what a later edition brings is invalid as well', () => {
    const rig = having(one);
    review(rig, 'invalidate', one);
    rig.send(messageOf(hour(1, { pm25: 40, pm10: 60, so2: 9 })));
    rig.pipeline.drain();
    expect(row(rig, 'air_hour', 'a', '2026-08-04 00:00')).toBeUndefined();
    expect(row(rig, 'air', 'a', '2026-08-04 01:00')).toMatchObject({ so2: 9, flag: 'pm25=RM,pm10=RM,so2=RM' });
  });

  it('below its detection limit has its mark of the laboratory again when it is restored', () => {
    const sample = reading('water', 'w', '2026-08-04 10:00', 0, { cyanide: 0.004 }, { flags: { cyanide: '0.0040L' } });
    const rig = having(sample);
    const day = () => row(rig, 'water_day', 'w', '2026-08-04 00:00');
    expect(day()).toMatchObject({ cyanide: 0.002, count: 1 });
    review(rig, 'invalidate', sample);
    expect([day(), row(rig, 'water', 'w', '2026-08-04 10:00')]).toEqual([
      undefined,
      { cyanide: 0.004, flag: 'cyanide=RM' },
    ]);
    review(rig, 'restore', sample);
    expect(day()).toMatchObject({ cyanide: 0.002 });
    expect(row(rig, 'water', 'w', '2026-08-04 10:00')).toEqual({ cyanide: 0.004, flag: 'cyanide=0.0040L' });
  });
});

describe('refused, with the reason, and nothing changed', () => {
  const one = hour(1, { pm25: 40 });
  it.each<[string, Review['action'], Reading, Review['quantities'], RegExp]>([
    ['a reading that is not there', 'invalidate', hour(2, {}), 'all', /there is no such reading/],
    ['another period of that time', 'invalidate', { ...one, start: one.time - 5 * MINUTE }, 'all', /no such reading/],
    ['a quantity that it does not have', 'invalidate', one, ['o3'], /the reading has no o3/],
    ['what is invalid already', 'invalidate', one, ['pm25'], /it is invalid already/],
    ['all of what is invalid already', 'invalidate', one, 'all', /it is invalid already/],
    ['what was never made invalid', 'restore', one, ['pm10'], /not invalid by any review/],
    ['a station that the catalog has no more', 'restore', { ...one, station: 'gone' }, 'all', /not in the catalog/],
  ])('%s', (_, action, about, quantities, words) => {
    const rig = having(one);
    expect(review(rig, 'invalidate', one, ['pm25'])).toEqual(['invalidated', '']);
    const before = JSON.stringify(rig.series());
    const [state, detail] = review(rig, action, about, quantities);
    expect([state, detail]).toEqual(['refused', expect.stringMatching(words)]);
    expect(JSON.stringify(rig.series())).toBe(before);
    expect(rig.pipeline.counts().reviews).toEqual({ invalidated: 1, refused: 1 });
  });
});

describe('a reading older than memory', () => {
  /** 62 days of hours, of which memory keeps the last three. */
  const hours = Array.from({ length: 62 * 24 }, (_, i) => hour(i + 1, { pm25: 10 + (i % 24) }, '2026-06-03 00:00'));
  const [day, first] = ['2026-06-10 00:00', 7 * 24];

  it('is lent: its hour and day are worked out again as if it had come with the mark', () => {
    const rig = having(...hours);
    expect(rig.pipeline.state().windows.get('air/a')!.from).toBeGreaterThan(at('2026-07-25 00:00'));
    const before = row(rig, 'air_day', 'a', day);
    expect(before).toMatchObject({ pm25: 21.5, count: 24, valid: true });
    const wrong = hours.slice(first, first + 6);
    for (const one of wrong) expect(review(rig, 'invalidate', one)).toEqual(['invalidated', '']);
    // 18 hours of 16 to 33, two fewer than a day needs.
    expect(row(rig, 'air_day', 'a', day)).toMatchObject({ pm25: 24.5, count: 18, valid: false });
    expect(row(rig, 'air_hour', 'a', day)).toBeUndefined();
    const marked = having(...hours.map((one) => (wrong.includes(one) ? { ...one, flags: { pm25: 'RM' } } : one)));
    expect(rig.series()).toEqual(marked.series());
    for (const one of wrong) review(rig, 'restore', one);
    expect(row(rig, 'air_day', 'a', day)).toEqual(before);
    expect(rig.series()).toEqual(having(...hours).series());
  });

  it('also after a restart', () => {
    const rig = having(...hours);
    for (const one of hours.slice(first, first + 3)) review(rig, 'invalidate', one);
    const marked = row(rig, 'air_day', 'a', day);
    expect(marked).toMatchObject({ pm25: 23, count: 21 });
    rig.pipeline.stop();
    const later = rigOf(rig.database);
    expect(review(later, 'invalidate', hours[first]!)).toEqual(['refused', expect.stringMatching(/invalid already/)]);
    for (const one of hours.slice(first + 3, first + 6)) review(later, 'invalidate', one);
    expect(row(later, 'air_day', 'a', day)).toMatchObject({ pm25: 24.5, count: 18 });
  });
});
