// What people hand in is journalled like readings: one event each, one effect each, whatever goes wrong in between.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { feeds } from '../sensors/feeds/index.ts';
import { handIn as handInHere } from '../src/cli/desk.ts';
import { DAY, HOUR } from '../src/core/time.ts';
import type { Feed, Reading } from '../src/core/types.ts';
import { createArchive } from '../src/intake/archive.ts';
import { decode } from '../src/intake/decode.ts';
import { createDesk, DESK_MOST, type Handed } from '../src/intake/desk.ts';
import type { JournalEvent } from '../src/intake/journal.ts';
import { createJournal } from '../src/intake/journal.ts';
import type { Review } from '../src/intake/reviews.ts';
import { entryOf, handIn, reviewOf } from './support/desk.ts';
import { at, catalogOf, everyInstant, MONTH, PT1H, reading, settingsOf, station } from './support/middle.ts';
import { createRig, messageOf, type Rig } from './support/pipeline.ts';
import { seeded } from './support/random.ts';
import { tempFolder } from './support/servers.ts';

const T0 = at('2026-07-20 00:00');
const NOW = T0 + 13 * DAY;
const catalog = catalogOf([
  station('a', { air: PT1H }, { assessed: true }),
  station('b', { air: PT1H }, { assessed: true }),
  station('p1', { dustfall: MONTH }),
  station('p2', { dustfall: MONTH }),
  station('w', { water: everyInstant(4 * HOUR) }),
]);
const hour = (id: string, n: number, values: Reading['values']): Reading =>
  reading('air', id, T0 + n * HOUR, HOUR, values);
const july = (id: string, dustfall: number): Reading =>
  reading('dustfall', id, '2026-08-01 00:00', 31 * DAY, { dustfall });

const rigs: Rig[] = [];
const rigOf = (options: Parameters<typeof createRig>[1] = {}, places = catalog): Rig => {
  const rig = createRig(places, { now: () => NOW, ...options });
  rigs.push(rig);
  return rig;
};
afterEach(() => {
  for (const { pipeline } of rigs.splice(0)) pipeline.stop();
});

const eventsOf = ({ database }: Rig): JournalEvent[] => createJournal(database).after(0, 1e6);
const outcomes = ({ pipeline }: Rig) => {
  const { received, outcomes: ended, inFlight } = pipeline.counts();
  expect(received).toBe(ended.stored + ended.duplicate + ended.quarantined + inFlight);
  return { received, ...ended, inFlight };
};

describe('an entry', () => {
  const one = july('p1', 12);

  it('is a message by the law of conservation, a review is none', () => {
    const rig = rigOf();
    const bad = { ...entryOf(one, NOW), topic: 'lantian/v1/140430/dustfall/gone' };
    const review = reviewOf('invalidate', one, 'all', NOW);
    const rows = handIn(rig, entryOf(one, NOW), entryOf(one, NOW), entryOf(july('p1', 13), NOW), bad, review);
    expect(rows.map(({ state }) => state)).toEqual(['stored', 'duplicate', 'revised', 'quarantined', 'invalidated']);
    expect(outcomes(rig)).toEqual({ received: 4, stored: 2, duplicate: 1, quarantined: 1, inFlight: 0 });
    expect(rig.pipeline.counts().reviews).toEqual({ invalidated: 1 });
    expect(eventsOf(rig).map(({ kind, source }) => `${kind} ${source}`)).toEqual([
      'entry desk:1 王 芳',
      'entry desk:2 王 芳',
      'entry desk:3 王 芳',
      'entry desk:4 王 芳',
      'review desk:5 李强',
    ]);
  });

  it('that comes by way of the quarantine stays the person’s, and its row says what came of it in the end', () => {
    const rig = rigOf({}, catalogOf([station('p2', { dustfall: MONTH })]));
    const [row] = handIn(rig, entryOf(one, NOW));
    expect(row).toMatchObject({ state: 'quarantined', detail: 'unknown-station: p1 is not in the catalog' });
    const retry = (): void => {
      rig.pipeline.quarantine.ask({});
      rig.pipeline.takeAsked();
      rig.pipeline.drain();
    };
    retry();
    expect(rig.pipeline.desk.rows([1])).toMatchObject([{ state: 'quarantined', person: '王 芳' }]);
    rig.pipeline.setCatalog(catalog);
    retry();
    expect(rig.pipeline.desk.rows([1])).toMatchObject([{ state: 'stored', detail: '' }]);
    expect(eventsOf(rig).at(-1)!.source).toBe(`quarantine:2@${NOW} desk:1 王 芳`);
    expect(outcomes(rig)).toEqual({ received: 3, stored: 1, duplicate: 0, quarantined: 2, inFlight: 0 });
  });

  it('and the readings of stations alike make no backlog: it always comes long after its time', () => {
    const rig = rigOf();
    handIn(rig, entryOf(one, NOW));
    expect(rig.pipeline.backlogAt()).toBe(Number.NEGATIVE_INFINITY);
    rig.send({ ...messageOf(july('p2', 3)), received: NOW });
    rig.pipeline.drain();
    expect(rig.pipeline.backlogAt()).toBe(NOW);
  });
});

describe('a row', () => {
  const handed = [entryOf(july('p1', 12), NOW), reviewOf('invalidate', july('p1', 12), 'all', NOW)];

  it('is one event, however often one looks', () => {
    const rig = rigOf();
    rig.pipeline.desk.ask(handed);
    for (let i = 0; i < 3; i++) rig.pipeline.takeAsked();
    rig.pipeline.drain();
    rig.pipeline.takeAsked();
    rig.pipeline.drain();
    expect(eventsOf(rig)).toHaveLength(2);
    expect(rig.pipeline.desk.rows([1, 2]).map(({ state }) => state)).toEqual(['stored', 'invalidated']);
  });

  it('that no pipeline has taken waits for the next', () => {
    const rig = rigOf();
    rig.pipeline.desk.ask(handed);
    rig.pipeline.takeAsked();
    rig.pipeline.stop();
    const later = rigOf({ database: rig.database });
    expect(later.pipeline.desk.waiting()).toBe(2);
    later.pipeline.takeAsked();
    later.pipeline.drain();
    expect(later.pipeline.desk.rows([1, 2]).map(({ state }) => state)).toEqual(['stored', 'invalidated']);
  });

  it('goes with the archive’s readings of its time; one without an end stays', () => {
    const settings = settingsOf({ archive: { keep: 'P30D' } });
    let now = NOW;
    const rig = rigOf({ settings, now: () => now });
    handIn(rig, ...handed);
    rig.pipeline.desk.ask(handed);
    const left = (days: number): number => {
      now = NOW + days * DAY;
      rig.tick(now);
      rig.pipeline.drain();
      rig.pipeline.housekeep();
      return rig.pipeline.desk.count({});
    };
    expect([left(30), left(32), left(400)]).toEqual([4, 2, 2]);
  });

  it('is refused with all others of its command where the desk has no room', async () => {
    const settings = settingsOf({ data: { folder: tempFolder('desk') } });
    const database = new DatabaseSync(join(settings.data.folder, 'lantian.db'));
    const desk = createDesk(database);
    database.exec('BEGIN');
    for (let i = 1; i < DESK_MOST; i++) desk.ask([handed[0]!]);
    database.exec('COMMIT');
    const words = /^2 are more than the 1 that the desk has room for/;
    const given = handInHere({ settings, database }, handed);
    await expect(given).rejects.toMatchObject({ code: 'desk-full', message: expect.stringMatching(words) });
    expect(desk.waiting()).toBe(DESK_MOST - 1);
    database.close();
  });
});

describe.each([
  ['journal', 'INSERT ON journal'],
  ['archive', 'INSERT ON archive'],
  ['mark', 'INSERT ON review_mark'],
  ['mark that goes', 'DELETE ON review_mark'],
  ['outbox', 'INSERT ON outbox'],
  ['position', "INSERT ON state WHEN new.name = 'position'"],
  ['taking', "UPDATE ON desk WHEN new.state = 'taken'"],
  ['end', "UPDATE ON desk WHEN new.state = 'restored'"],
])('a commit that fails for its %s', (_, when) => {
  it('leaves nothing of an entry and its reviews, and all of them, once, when it can', () => {
    const one = july('p1', 12);
    const handed = [
      entryOf(july('p2', 4), NOW),
      entryOf(one, NOW),
      reviewOf('invalidate', one, 'all', NOW),
      reviewOf('restore', one, 'all', NOW),
      reviewOf('invalidate', one, ['dustfall'], NOW),
    ];
    const rig = rigOf();
    rig.database.exec(`CREATE TRIGGER trouble BEFORE ${when} BEGIN SELECT RAISE(ABORT, 'no'); END`);
    for (let i = 0; i < 2; i++)
      expect(
        handIn(rig, ...(i === 0 ? handed : []))
          .concat(rig.pipeline.desk.rows([1, 2, 3, 4, 5]))
          .map(({ state }) => state),
      ).toEqual(Array(i === 0 ? 10 : 5).fill('asked'));
    expect([eventsOf(rig), rig.series(), rig.pipeline.register.all()]).toEqual([[], {}, []]);
    expect(outcomes(rig)).toMatchObject({ received: 0 });
    expect(rig.pipeline.counts().reviews).toEqual({});
    rig.database.exec('DROP TRIGGER trouble');
    rig.pipeline.drain();
    const calm = rigOf();
    handIn(calm, ...handed);
    expect(rig.pipeline.desk.list({}, 9)).toEqual(calm.pipeline.desk.list({}, 9));
    expect(rig.series()).toEqual(calm.series());
    expect(rig.pipeline.register.all()).toEqual(calm.pipeline.register.all());
    expect(rig.pipeline.counts().reviews).toEqual({ invalidated: 2, restored: 1 });
    expect(outcomes(rig)).toMatchObject({ received: 2, stored: 2 });
  });
});

/** The same events in the same order, in one go and without trouble. */
const again = (events: readonly JournalEvent[]): Rig => {
  const rig = rigOf();
  for (const { kind, topic, payload, received, source } of events) {
    if (kind === 'message') rig.send({ topic, payload, received });
    else if (kind === 'tick') rig.pipeline.tick(JSON.parse(payload.toString()));
    else {
      const { time } = JSON.parse(payload.toString());
      const handed = {
        kind,
        asked: received,
        person: source.replace(/^desk:\d+ /, ''),
        topic,
        time: Date.parse(time) || time,
      };
      rig.pipeline.desk.ask([{ ...handed, payload } as Handed]);
      rig.pipeline.takeAsked();
    }
  }
  rig.pipeline.drain();
  return rig;
};

const keyOf = ({ feed, station: id, time, start }: Reading | Review): string => `${feed} ${id} ${time} ${start}`;

/** What is known in the end, worked out from the events alone: each reading once, with what was rejected flagged RM. */
const known = (events: readonly JournalEvent[]): Reading[] => {
  const all = new Map<string, { reading: Reading; rejected: Set<string> }>();
  for (const event of events.filter(({ kind }) => kind !== 'tick')) {
    if (event.kind !== 'review') {
      const decoded = decode(event, catalog, settingsOf());
      if ('reason' in decoded) throw new Error(decoded.detail);
      const { reading } = decoded;
      all.set(keyOf(reading), { reading, rejected: all.get(keyOf(reading))?.rejected ?? new Set() });
      continue;
    }
    const review = JSON.parse(event.payload.toString()) as Review;
    const about = all.get(keyOf(review));
    const named = review.quantities === 'all' ? Object.keys(feeds[review.feed as Feed].quantities) : review.quantities;
    const isAbout = named.some((name) => about?.reading.values[name] !== undefined);
    if (review.action === 'restore') for (const name of named) about?.rejected.delete(name);
    else if (isAbout)
      for (const name of named)
        if (review.quantities === 'all' || about!.reading.values[name] !== undefined) about!.rejected.add(name);
  }
  return [...all.values()].map(({ reading, rejected }) => {
    const names = Object.keys(reading.values).filter((name) => rejected.has(name));
    return { ...reading, flags: { ...reading.flags, ...Object.fromEntries(names.map((name) => [name, 'RM'])) } };
  });
};

/** The series but for signals; flags in the order of their names. */
const figuresOf = (rig: Rig) =>
  Object.entries(rig.series())
    .filter(([key]) => !key.startsWith('signal '))
    .map(([key, { flag = '', ...fields }]) => [key, fields, String(flag).split(',').sort().join()]);

describe('readings, entries and reviews in any order, with restarts and commits that fail', () => {
  const TABLES = ['journal', 'archive', 'outbox', 'review_mark', 'state'];

  it.each(Array.from({ length: 12 }, (_, i) => i + 1))('give the figures of an undisturbed run: seed %d', (seed) => {
    const random = seeded(seed);
    const below = (n: number): number => Math.floor(random() * n);
    const pick = <T>(all: readonly T[]): T => all[below(all.length)]!;
    const anyReading = (): Reading =>
      pick([
        () =>
          hour(pick(['a', 'b']), 1 + below(11 * 24), { pm25: below(90), ...(below(2) ? { pm10: below(200) } : {}) }),
        () => july(pick(['p1', 'p2']), 6 + below(6)),
        () =>
          reading(
            'water',
            'w',
            T0 + (1 + below(60)) * 4 * HOUR,
            0,
            { cyanide: 0.004, ph: 6 + below(3) },
            { flags: { cyanide: '0.004L' } },
          ),
      ])();
    const seen: Reading[] = [];
    let rig = rigOf();
    const restart = (): void => {
      rig.pipeline.stop();
      rig = rigOf({ database: rig.database });
    };
    const people = (): Handed => {
      const one = seen.length > 0 && below(4) > 0 ? pick(seen) : anyReading();
      if (below(3) === 0) return entryOf(anyReading(), NOW);
      const some = [...Object.keys(one.values)].slice(below(2));
      return reviewOf(pick(['invalidate', 'invalidate', 'restore']), one, below(2) ? 'all' : some, NOW);
    };
    for (let step = 0; step < 150; step++) {
      const one = anyReading();
      seen.push(one);
      if (below(2)) rig.send({ ...messageOf(one), received: NOW });
      rig.pipeline.desk.ask(Array.from({ length: below(3) }, people));
      if (below(3)) rig.pipeline.takeAsked();
      if (below(10) === 0) rig.tick(T0 + (step / 150) * 13 * DAY);
      const trouble = below(8) === 0 ? pick(TABLES) : undefined;
      if (trouble)
        rig.database.exec(`CREATE TRIGGER trouble BEFORE INSERT ON ${trouble} BEGIN SELECT RAISE(ABORT, 'no'); END`);
      if (below(2)) rig.pipeline.drain();
      if (trouble) rig.database.exec('DROP TRIGGER trouble');
      if (below(12) === 0) restart();
    }
    rig.pipeline.takeAsked();
    rig.tick(NOW);
    rig.pipeline.drain();
    expect(outcomes(rig).inFlight).toBe(0);

    const events = eventsOf(rig);
    const rows = rig.pipeline.desk.list({}, 1e6);
    expect(events.filter(({ source }) => source.startsWith('desk:'))).toHaveLength(rows.length);
    const calm = again(events);
    expect(rows).toEqual(calm.pipeline.desk.list({}, 1e6));
    for (const state of ['stored', 'invalidated', 'restored', 'refused'])
      expect(rows.filter((row) => row.state === state).length, state).toBeGreaterThan(0);
    expect(rig.series()).toEqual(calm.series());
    expect(rig.pipeline.register.all()).toEqual(calm.pipeline.register.all());

    // The archive has every reading as it came, and figures are those of readings that came with the flags of the reviews.
    const flagged = rigOf();
    const readings = known(events).sort((one, other) => one.time - other.time);
    flagged.send(...readings.map((one) => ({ ...messageOf(one), received: NOW })));
    flagged.tick(NOW);
    flagged.pipeline.drain();
    expect(figuresOf(rig)).toEqual(figuresOf(flagged));
    const archived = createArchive(rig.database).range('air', 'a', 0, NOW);
    expect(archived.some(({ flags }) => flags !== undefined)).toBe(false);
    expect(archived.length).toBe(readings.filter(({ feed, station: id }) => feed === 'air' && id === 'a').length);
  });
});
