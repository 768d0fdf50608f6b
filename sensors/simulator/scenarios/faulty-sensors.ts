import { stationsOf } from '../../../src/core/catalog.ts';
import { HOUR, isoBeijing, MINUTE, SECOND } from '../../../src/core/time.ts';
import type { Draft, Scenario, Setting } from '../scenario.ts';

/** What one broken station makes of a message; `turn` is a number in [0, 1) of the message. */
type Fault = (draft: Draft, turn: number, now: number) => readonly Draft[];

const withValues = (draft: Draft, values: Record<string, number>): Draft => ({
  ...draft,
  body: { ...draft.body, values: { ...draft.body.values, ...values } },
});

const firstQuantity = (draft: Draft): string => Object.keys(draft.body.values)[0] ?? 'rain';

const stuck: Fault = (draft) => [
  withValues(draft, draft.feed === 'air' ? { pm25: 42, pm10: 77 } : { temperature: 18.8 }),
];

// Far outside of what any instrument of the feed can measure.
const spikes: Fault = (draft, turn) => [turn < 0.2 ? withValues(draft, { [firstQuantity(draft)]: 999_999 }) : draft];

const notANumber: Fault = (draft, turn) => {
  if (turn >= 0.3) return [draft];
  const text = JSON.stringify(draft.body).replace(/("values":\{"\w+":)[-\d.]+/, '$1NaN');
  return [{ ...draft, text }];
};

const cutShort: Fault = (draft, turn) => {
  if (turn >= 0.3) return [draft];
  const whole = JSON.stringify(draft.body);
  return [{ ...draft, text: whole.slice(0, Math.ceil(whole.length * 0.6)) }];
};

const clockAhead: Fault = (draft) => [{ ...draft, body: { ...draft.body, time: isoBeijing(draft.end + HOUR) } }];

const unknownNeighbour: Fault = (draft) => [draft, { ...draft, station: `${draft.station}-unlisted` }];

const fallsSilent: Fault = (draft, _turn, now) => (draft.end > now - 6 * HOUR ? [] : [draft]);

const sentTwice: Fault = (draft, turn) => (turn < 0.5 ? [draft, { ...draft, time: draft.time + 5 * SECOND }] : [draft]);

const late: Fault = (draft, turn) => [turn < 0.4 ? { ...draft, time: draft.time + (20 + 120 * turn) * MINUTE } : draft];

const WEATHER: readonly Fault[] = [fallsSilent, sentTwice, late, cutShort, clockAhead];
const AIR: readonly Fault[] = [stuck, spikes, notANumber, unknownNeighbour];

/** Broken stations, from a different place in the catalog by each seed; with few stations one has several faults. */
const assign = ({ catalog, noise }: Setting): ((station: string) => readonly Fault[]) => {
  const broken = new Map<string, Fault[]>();
  for (const [feed, faults] of [
    ['weather', WEATHER],
    ['air', AIR],
  ] as const) {
    const stations = stationsOf(catalog, feed);
    const first = Math.floor(noise.unit(`broken ${feed}`) * stations.length);
    faults.forEach((fault, index) => {
      const station = stations[(first + index) % stations.length];
      if (station) broken.set(`${feed} ${station.id}`, [...(broken.get(`${feed} ${station.id}`) ?? []), fault]);
    });
  }
  return (station) => broken.get(station) ?? [];
};

/** One station each: stuck, spikes, NaN, cut-off JSON, a clock an hour ahead, an id no catalog has, silent, sent twice, late. */
export const faultySensors: Scenario = {
  name: 'faulty-sensors',
  title: { zh: '设备故障', en: 'Faulty sensors' },
  effects: (setting) => {
    const faultsOf = assign(setting);
    return {
      disturb: (draft) =>
        faultsOf(`${draft.feed} ${draft.station}`).reduce<readonly Draft[]>(
          (drafts, fault, index) => {
            const turn = (setting.noise.grain(`fault ${index} ${draft.station}`, draft.end) + 1) / 2;
            return drafts.flatMap((one) => fault(one, turn, setting.now));
          },
          [draft],
        ),
    };
  },
};
