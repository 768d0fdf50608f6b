import { type Context, caseOf } from '../case.ts';
import { latencies } from '../latency.ts';
import type { Sky } from '../messages.ts';
import { compared, percentile, rounded } from '../numbers.ts';
import { besideBare, turnsOf } from '../rounds.ts';

const SIZE = { stations: 200, warm: 50_000, messages: 100_000, rounds: 5, stormRounds: 3, rate: 1000, paced: 10_000 };

export const QUICK = { ...SIZE, warm: 20_000, messages: 20_000, rounds: 2, stormRounds: 1, paced: 3_000 };

const WORDS: Readonly<Record<Sky, string>> = { day: '平日 day', storm: '暴雨 storm' };

type Asked = typeof SIZE;

const partOf = (size: Asked) => ({ warm: size.warm, total: size.warm + size.messages });

/** So many turns of the pipeline and the bare subscriber under one sky. */
export const turnsUnder = (sky: Sky, size: Asked, rounds: number, { loads, profile, say }: Context) => {
  const part = partOf(size);
  const load = loads.simulated(size.stations, part.total, sky);
  return besideBare(load, part, rounds, WORDS[sky], say, () => Promise.resolve({ profile }));
};

/** What the pipeline is for: QoS 1 messages until they, their figures and their signals are on disk. */
export const throughput = caseOf({
  name: 'throughput',
  about: { zh: '落盘、统计、阈值，内嵌库', en: 'durable, figures, thresholds, embedded store' },
  beside: { zh: '裸订阅者（只解析 JSON）', en: 'a bare subscriber that parses JSON' },
  sizes: {
    full: SIZE,
    quick: QUICK,
  },
  run: async (size, context) => {
    const inDay = await turnsUnder('day', size, size.rounds, context);
    const inStorm = await turnsUnder('storm', size, size.stormRounds, context);
    const day = context.loads.simulated(size.stations, partOf(size).total, 'day');
    const took = await latencies(day, { warm: size.warm, total: size.warm + size.paced }, size.rate);
    const rate = `${size.rate.toLocaleString('en-US')}/s`;
    const latency = (name: string, share: number) => ({
      name: `puback-${name}`,
      what: { zh: `发布至确认，${rate}，${name}`, en: `publish to PUBACK at ${rate}, ${name}` },
      unit: 'ms',
      figure: rounded(percentile(took, share), 1),
    });
    const goal = { of: 'ratio', least: 0.8 } as const;
    const unit = '/s';
    return [
      compared(
        { name: 'day', what: { zh: '平日，至落盘', en: 'ordinary day, until durable' }, unit },
        turnsOf(inDay, 'durable'),
        goal,
      ),
      compared(
        { name: 'storm', what: { zh: '暴雨，至落盘', en: 'storm all day, until durable' }, unit },
        turnsOf(inStorm, 'durable'),
        goal,
      ),
      compared(
        { name: 'day-stored', what: { zh: '平日，至写入内嵌库', en: 'ordinary day, until in the store' }, unit },
        turnsOf(inDay, 'stored'),
      ),
      compared(
        { name: 'storm-stored', what: { zh: '暴雨，至写入内嵌库', en: 'storm all day, until in the store' }, unit },
        turnsOf(inStorm, 'stored'),
      ),
      latency('p50', 0.5),
      latency('p99', 0.99),
    ];
  },
});
