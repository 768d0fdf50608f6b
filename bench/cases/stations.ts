import { caseOf } from '../case.ts';
import type { Held } from '../children.ts';
import type { Load } from '../loads.ts';
import { compared, median, rounded } from '../numbers.ts';
import { type Part, pipelineRound, takeTurns } from '../rounds.ts';

const KB = 1000;

/** What a round found: how fast, and what the process holds in the end. */
const roundOf = async (load: Load, part: Part, profile: string | undefined) => {
  let held: Held = { heap: Number.NaN, resident: Number.NaN };
  const { durable } = await pipelineRound(load, part, {
    profile,
    ask: async (pipeline) => {
      held = await pipeline.held();
    },
  });
  return { durable, held };
};

/** Whether a county may grow: as many messages from a hundred times the stations. */
export const stations = caseOf({
  name: 'stations',
  about: { zh: '十万站点', en: 'a hundred thousand stations' },
  beside: { zh: '一千站点，同样多的报文', en: 'a thousand stations, as many messages' },
  sizes: {
    full: { few: 1_000, many: 100_000, warm: 100_000, messages: 100_000, rounds: 2 },
    quick: { few: 1_000, many: 10_000, warm: 10_000, messages: 20_000, rounds: 1 },
  },
  run: async (size, { loads, profile, say }) => {
    const part = { warm: size.warm, total: size.warm + size.messages };
    const [few, many] = [loads.steady(size.few, part.total), loads.steady(size.many, part.total)];
    const turns = await takeTurns(
      size.rounds,
      '站点 stations',
      say,
      async () => {
        const [small, large] = [await roundOf(few, part, undefined), await roundOf(many, part, profile)];
        return { beside: small.durable, ours: large.durable, small: small.held, large: large.held };
      },
      ({ beside, ours, small, large }) =>
        `${size.few}: ${Math.round(beside.figure)}/s, ${Math.round(small.resident / 1e6)} MB; ` +
        `${size.many}: ${Math.round(ours.figure)}/s, ${Math.round(large.resident / 1e6)} MB`,
    );
    const perStation = (of: keyof Held): number =>
      rounded(median(turns.map(({ small, large }) => (large[of] - small[of]) / KB / (size.many - size.few))), 2);
    const [lesser, greater] = [size.few, size.many].map((number) => number.toLocaleString('en-US'));
    return [
      compared(
        { name: 'rate', what: { zh: `${greater} 站，至落盘`, en: `${greater} stations, until durable` }, unit: '/s' },
        turns,
        { of: 'ratio', least: 0.8 },
      ),
      {
        name: 'held',
        what: { zh: `每多一站的内存，比 ${lesser} 站`, en: `memory of each station beyond ${lesser}` },
        unit: 'kB',
        figure: perStation('heap'),
        goal: { of: 'figure', most: 5 },
      },
      {
        name: 'resident',
        what: { zh: '同上，进程常驻内存', en: 'the same, resident' },
        unit: 'kB',
        figure: perStation('resident'),
        goal: { of: 'figure', most: 5 },
      },
    ];
  },
});
