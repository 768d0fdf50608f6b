// Random and mutated payloads and topics, with a day's valid traffic between them: no crash, every message accounted for, the day's figures
// those of a day without them. What by chance is a reading of one of the day's own stations would rightly change its figures: it is not sent,
// and counted. The same junk at stations that only take junk is sent whatever it is.
import fc from 'fast-check';
import { generate } from '../sensors/simulator/generate.ts';
import { settingsSchema } from '../src/config/schema.ts';
import type { Catalog, Station } from '../src/core/catalog.ts';
import { DAY, floorTo, HOUR, isoUtc } from '../src/core/time.ts';
import type { Feed } from '../src/core/types.ts';
import { decode } from '../src/intake/decode.ts';
import type { Rig } from '../tests/support/pipeline.ts';
import { COUNTY, createAlone, type Dated, end, feed, seriesLeft, signalsLeft, unaccounted } from './alone.ts';
import { type Contents, difference, sum } from './compare.ts';
import { type Junk, junkOf } from './junk.ts';
import type { Context, Row, Scenario } from './scenario.ts';

const FEEDS: readonly Feed[] = ['air', 'weather', 'water', 'emission'];
const TARGET = 'junk-';
/** Made by fast-check at a time. */
const BATCH = 5_000;
const settings = settingsSchema.parse({});

/** A station that only takes junk: in no township and no mean of the county's. */
const target = (id: Feed): Station => ({
  id: `${TARGET}${id}`,
  name: { zh: id, en: id },
  feeds: { [id]: { period: HOUR, interval: HOUR } },
  active: false,
  assessed: false,
  example: true,
  ...(id === 'emission' ? { limits: { so2: 50 } } : {}),
});

const CATALOG: Catalog = {
  ...COUNTY,
  stations: new Map([...COUNTY.stations, ...FEEDS.map((id) => [`${TARGET}${id}`, target(id)] as const)]),
};

const stationsBy = (): Record<Feed, string[]> => {
  const of = (id: Feed) => [...CATALOG.stations.values()].filter(({ feeds }) => feeds[id]).map((station) => station.id);
  const both = (id: Feed) => [
    ...of(id),
    ...Array<string>(FEEDS.includes(id) ? of(id).length : 0).fill(`${TARGET}${id}`),
  ];
  const places = [...COUNTY.townships.map(({ id }) => id), 'county'];
  return {
    air: both('air'),
    weather: both('weather'),
    water: both('water'),
    emission: both('emission'),
    dustfall: of('dustfall'),
    forecast: places,
  };
};

/** Junk, one batch after the other, determined by the seed. */
function* junk(count: number, from: number, seed: number): Generator<Junk> {
  const times = fc.oneof(
    fc.integer({ min: from, max: from + DAY }),
    fc.integer({ min: from, max: from + DAY }).map(isoUtc),
  ) as fc.Arbitrary<number>;
  const kind = junkOf(stationsBy(), times);
  for (let made = 0; made < count; made += BATCH)
    yield* fc.sample(kind, { numRuns: Math.min(BATCH, count - made), seed: seed + made });
}

/** Whether it would rightly change the day's figures. */
const isReading = ({ topic, payload, received }: Dated): boolean =>
  !topic.includes(`/${TARGET}`) &&
  'reading' in decode({ topic, payload: Buffer.from(payload), received }, CATALOG, settings);

interface Mixed {
  readonly sent: number;
  readonly leftOut: number;
}

const withJunk = (rig: Rig, day: readonly Dated[], context: Context, from: number): Mixed => {
  const { payloads } = context.size;
  const each = day.length / payloads;
  let [sent, leftOut, done, next] = [0, 0, 0, 0];
  const mixed = function* (): Generator<Dated> {
    for (const one of junk(payloads, from, context.seed)) {
      for (; next < Math.floor(done * each); next++) yield day[next]!;
      const received = day[Math.min(next, day.length - 1)]!.received;
      const message = { ...one, received };
      if (isReading(message)) leftOut++;
      else {
        sent++;
        yield message;
      }
      if (++done % 100_000 === 0) context.say(`${done} of ${payloads}`);
    }
    for (; next < day.length; next++) yield day[next]!;
  };
  feed(rig, mixed());
  return { sent: sent + day.length, leftOut };
};

const own = (contents: Contents): Contents => new Map([...contents].filter(([key]) => !key.includes(TARGET)));

export const payloads: Scenario = {
  name: 'payloads',
  about: { zh: '随机与变异的报文和主题', en: 'random and mutated payloads and topics' },
  run: async (context) => {
    const from = floorTo(Date.now(), DAY) - 5 * DAY;
    const range = { from, to: from + DAY, now: from + DAY, seed: context.seed };
    const day = [...generate(COUNTY, 'rainstorm,emission-exceedance', range)].map(({ time, topic, payload }) => ({
      topic,
      payload,
      received: time,
    }));
    const now = () => from + DAY;
    const [calm, rig] = [createAlone(now, CATALOG), createAlone(now, CATALOG)];
    feed(calm, day);
    end(calm, from + 2 * DAY);
    const began = performance.now();
    const { sent, leftOut } = withJunk(rig, day, context, from);
    end(rig, from + 2 * DAY);
    const found = sum([
      difference('series', own(seriesLeft(rig)), own(seriesLeft(calm))),
      difference('signal', own(signalsLeft(rig)), own(signalsLeft(calm))),
    ]);
    for (const line of found.some) context.say(`  ${line}`);
    const { outcomes, quarantined, damage } = rig.pipeline.counts();
    const failed = quarantined['failed'] ?? 0;
    const row: Row = {
      what: { zh: '随机与变异的报文', en: 'random and mutated messages' },
      times: sent - day.length,
      lost: found.lost,
      duplicated: found.duplicated,
      wrong: found.wrong,
      measured: {
        valid_messages: day.length,
        rows_compared: own(seriesLeft(calm)).size,
        quarantined: outcomes.quarantined,
        stored: outcomes.stored,
        duplicate: outcomes.duplicate,
        reasons: Object.keys(quarantined).length,
        readings_by_chance_left_out: leftOut,
        seconds: Math.round((performance.now() - began) / 1000),
      },
      broken: [
        ...unaccounted(rig, sent),
        ...(failed > 0 ? [`${failed} could not be worked out`] : []),
        ...(damage > 0 ? [`${damage} ticks failed`] : []),
      ],
    };
    rig.pipeline.stop();
    calm.pipeline.stop();
    return [row];
  },
};
