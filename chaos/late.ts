// Messages an hour, a day and a month late, out of order, repeated: the same figures as in order.

import { generate } from '../sensors/simulator/generate.ts';
import { DAY, floorTo, HOUR } from '../src/core/time.ts';
import { seeded } from '../tests/support/random.ts';
import { createAlone, type Dated, end, FEWER, feed, seriesLeft, signalsLeft, unaccounted } from './alone.ts';
import { difference, sum } from './compare.ts';
import type { Context, Row } from './scenario.ts';

/** The county's messages, as they would have come. A forecast that comes late counts for rules of its time no more: levels then differ by right. */
const inOrder = (to: number, days: number, seed: number): Dated[] =>
  [...generate(FEWER, 'heavy-pollution,emission-exceedance', { from: to - days * DAY, to, seed, now: to })]
    .filter(({ topic }) => !topic.includes('/forecast/'))
    .map(({ time, topic, payload }) => ({ topic, payload, received: time }));

const byArrival = (messages: Dated[]): Dated[] => messages.sort((a, b) => a.received - b.received);

type Disorder = (messages: readonly Dated[], random: () => number) => Dated[];

const late =
  (by: number): Disorder =>
  (messages, random) =>
    messages.map((one) => (random() < 0.3 ? { ...one, received: one.received + by * (0.5 + random()) } : one));

/** Each piece of messages in any order, no further than `within` apart. */
const shuffled =
  (within: number): Disorder =>
  (messages, random) =>
    messages.map((one) => ({ ...one, received: one.received + random() * within }));

const repeated: Disorder = (messages, random) =>
  messages.flatMap((one) => [
    one,
    ...(random() < 0.5 ? [{ ...one, received: one.received + random() * 2 * DAY }] : []),
  ]);

const DISORDERS: readonly (readonly [Row['what'], Disorder])[] = [
  [{ zh: '三成报文晚一小时', en: 'three in ten an hour late' }, late(HOUR)],
  [{ zh: '三成报文晚一天', en: 'three in ten a day late' }, late(DAY)],
  [{ zh: '三成报文晚一个月', en: 'three in ten a month late' }, late(30 * DAY)],
  [{ zh: '三天内乱序', en: 'out of order within three days' }, shuffled(3 * DAY)],
  [{ zh: '半数报文重复', en: 'every second again' }, repeated],
];

/** The clock ticks once an hour among the messages, as it would have. */
const live = (messages: readonly Dated[], until: number) => {
  let clock = messages[0]!.received;
  const rig = createAlone(() => clock);
  for (let from = 0; from < messages.length; ) {
    const hour = floorTo(messages[from]!.received, HOUR) + HOUR;
    let to = from;
    while (to < messages.length && messages[to]!.received < hour) to++;
    feed(rig, messages.slice(from, to));
    clock = hour;
    rig.tick(hour);
    from = to;
  }
  end(rig, until);
  const left = { series: seriesLeft(rig), signals: signalsLeft(rig), unaccounted: unaccounted(rig, messages.length) };
  rig.pipeline.stop();
  rig.database.close();
  return left;
};

export const lateRows = (context: Context): Row[] => {
  const to = floorTo(Date.now(), HOUR) - 100 * DAY;
  const until = to + 60 * DAY;
  const rows = DISORDERS.map(([what]): Row => {
    return { what, times: 0, lost: 0, duplicated: 0, wrong: 0, measured: {}, broken: [] };
  });
  for (let set = 0; set < context.size.orders; set++) {
    context.say(`late, out of order, repeated: ${set + 1} of ${context.size.orders}`);
    const messages = inOrder(to, context.size.orders > 1 ? 3 : 1, context.seed + set);
    const right = live(messages, until);
    DISORDERS.forEach(([what, disorder], i) => {
      const given = byArrival(disorder(messages, seeded(context.seed + set)));
      const left = live(given, until);
      const found = sum([
        difference('series', left.series, right.series),
        difference('signal', left.signals, right.signals),
      ]);
      for (const line of found.some) context.say(`  ${what.en}: ${line}`);
      const { times, lost, duplicated, wrong, measured, broken } = rows[i]!;
      rows[i] = {
        what,
        times: times + given.length,
        lost: lost + found.lost,
        duplicated: duplicated + found.duplicated,
        wrong: wrong + found.wrong,
        measured: { sets: set + 1, rows_compared: Number(measured['rows_compared'] ?? 0) + right.series.size },
        broken: [...broken, ...left.unaccounted],
      };
    });
  }
  return rows;
};
