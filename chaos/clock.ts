// Time that is not as it should be: clocks set wrong, a host with daylight saving, messages that come late.
import { generate } from '../sensors/simulator/generate.ts';
import { DAY, floorTo, HOUR, MINUTE } from '../src/core/time.ts';
import { COUNTY, createAlone, type Dated, end, FEWER, feed, seriesLeft, signalsLeft, unaccounted } from './alone.ts';
import { difference, sum } from './compare.ts';
import { lateRows } from './late.ts';
import type { Context, Row, Scenario } from './scenario.ts';
import { createSender } from './sender.ts';
import { beside, createWorld, settled } from './world.ts';

/** All stations in a full run. */
const countyOf = ({ size }: Context) => (size.name === 'full' ? COUNTY : FEWER);

/** What the clock of the host says, by what is right. */
type Wrong = (right: number, from: number) => number;

/** Wrong by so much from the sixth hour to the twelfth. */
const setBy =
  (by: number): Wrong =>
  (time, from) =>
    time - from < 6 * HOUR || time - from >= 12 * HOUR ? time : time + by;

const AHEAD_AND_BACK: readonly (readonly [Row['what'], Wrong])[] = [
  [{ zh: '时钟拨快一天再拨回', en: 'clock set a day ahead, and back' }, setBy(DAY)],
  [{ zh: '时钟拨快两年再拨回', en: 'clock set two years ahead, and back' }, setBy(730 * DAY)],
  [{ zh: '时钟拨慢一小时再拨回', en: 'clock set an hour back, and right again' }, setBy(-HOUR)],
  [{ zh: '时钟拨慢一年再拨回', en: 'clock set a year back, and right again' }, setBy(-365 * DAY)],
  [
    { zh: '时钟来回跳动一小时', en: 'clock that leaps an hour to and fro' },
    (time) => time + (Math.floor(time / (7 * MINUTE)) % 2 === 0 ? HOUR : -HOUR),
  ],
];

/** A day through a pipeline whose clock is `wrong`; what was quarantined for its time is tried again when the clock is right. */
const dayWith = (messages: readonly Dated[], from: number, wrong: Wrong) => {
  let right = from;
  const rig = createAlone(() => wrong(right, from));
  let retried = 0;
  feed(
    rig,
    (function* () {
      for (const message of messages) yield { ...message, received: wrong(message.received, from) };
    })(),
  );
  right = from + 2 * DAY;
  for (const reason of ['future', 'too-old']) retried += rig.pipeline.quarantine.ask({ reason });
  while (rig.pipeline.quarantine.asked(1).length > 0) {
    rig.pipeline.takeAsked();
    rig.pipeline.drain();
  }
  end(rig, from + 2 * DAY);
  const left = {
    series: seriesLeft(rig),
    signals: signalsLeft(rig),
    unaccounted: unaccounted(rig, messages.length + retried),
    waiting: rig.pipeline.quarantine.count({ waiting: true }),
    retried,
  };
  rig.pipeline.stop();
  rig.database.close();
  return left;
};

const clockRows = (context: Context): Row[] => {
  const from = floorTo(Date.now(), DAY) - 3 * DAY;
  const range = { from, to: from + DAY, now: from + DAY, seed: context.seed };
  const messages = [...generate(countyOf(context), 'rainstorm,emission-exceedance', range)].map(
    ({ time, topic, payload }) => ({
      topic,
      payload,
      received: time,
    }),
  );
  const calm = dayWith(messages, from, (time) => time);
  const some = AHEAD_AND_BACK.filter((_, i) => context.size.name !== 'quick' || i % 2 === 1);
  return some.map(([what, wrong]) => {
    context.say(what.en);
    const left = dayWith(messages, from, wrong);
    const found = sum([
      difference('series', left.series, calm.series),
      difference('signal', left.signals, calm.signals),
    ]);
    for (const line of found.some) context.say(`  ${line}`);
    const { lost, duplicated, wrong: wrongs } = found;
    const waiting =
      left.waiting === calm.waiting ? [] : [`${left.waiting} messages wait in the quarantine, not ${calm.waiting}`];
    return {
      what,
      times: 1,
      lost,
      duplicated,
      wrong: wrongs,
      measured: {
        messages: messages.length,
        quarantined_and_retried: left.retried - calm.retried,
        rows_compared: calm.series.size,
      },
      broken: [...left.unaccounted, ...waiting],
    };
  });
};

const offsetAt = (time: number, zone: string): string | undefined =>
  new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(time)
    .find(({ type }) => type === 'timeZoneName')?.value;

/** The last day on which a zone's clocks were changed, epoch ms (its UTC midnight). */
const lastChange = (zone: string, before: number): number => {
  let day = floorTo(before, DAY);
  while (offsetAt(day, zone) === offsetAt(day + DAY, zone)) day -= DAY;
  return day;
};

const ZONE = 'America/New_York';

/** Two processes, of which one's host changes its clocks in the midst of the data. */
const zoneRow = async (context: Context): Promise<Row> => {
  const change = lastChange(ZONE, Date.now() - 3 * DAY);
  const range = { from: change - DAY / 2, to: change + 1.5 * DAY, now: change + DAY, seed: context.seed };
  const messages = [...generate(countyOf(context), 'rainstorm,emission-exceedance', range)];
  context.say(`host with daylight saving: ${messages.length} messages around ${new Date(change).toISOString()}`);
  const worlds = await Promise.all([ZONE, 'UTC'].map((TZ) => createWorld({ env: { TZ } })));
  const [ours, theirs] = worlds as [(typeof worlds)[0], (typeof worlds)[0]];
  await Promise.all(worlds.map(({ broker }) => createSender(broker.url, messages, Number.POSITIVE_INFINITY).done));
  await Promise.all(worlds.map(({ child }) => settled(child)));
  const { some, ...costs } = await beside(ours, theirs);
  for (const line of some) context.say(`  ${line}`);
  await Promise.all(worlds.map((world) => world.end()));
  const what = {
    zh: '主机用夏令时（TZ=America/New_York，跨换时日）',
    en: 'host with daylight saving, across the change',
  };
  return { what, times: 1, ...costs, measured: { messages: messages.length }, broken: [] };
};

export const clock: Scenario = {
  name: 'clock',
  about: {
    zh: '时钟错误、夏令时，报文迟到、乱序、重复',
    en: 'clocks set wrong, daylight saving, messages late, out of order, repeated',
  },
  run: async (context) => [
    ...clockRows(context),
    ...(context.size.name === 'quick' ? [] : [await zoneRow(context)]),
    ...lateRows(context),
  ],
};
