// How long messages take: from their receipt until their effects are on disk, and until each store has them; and for how long the oldest
// point of each store has waited. Kept in memory alone, for the series `pipeline` and `pipeline_store`: nothing depends on it.

export interface Delays {
  /** A commit: the newest row of the outbox, and when messages it applied were received (epoch ms). */
  committed(upTo: number, received: readonly number[]): void;
  /** A store has every row up to this one. */
  taken(store: string, upTo: number): void;
  /** Milliseconds that the oldest row has waited for a store; 0: none is known to wait. */
  age(store: string): number;
  /** Median and 99th percentile (ms) since they were last asked for, of a store or (undefined) of the commit; undefined: no message. */
  quantiles(store?: string): Quantiles | undefined;
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

interface Commit {
  readonly upTo: number;
  readonly at: number;
  readonly received: readonly number[];
}

/** Commits that are kept apart for a store that lags; further ones count to the newest. */
const COMMITS = 2_000;
/** Messages of a commit that stand for all of it. */
const OF_COMMIT = 16;
const SAMPLES = 4_096;

/** Samples of any number of values in bounded memory: when full every other one goes, and of what follows half as many are kept. */
const createSample = () => {
  let values: number[] = [];
  let stride = 1;
  let seen = 0;
  return {
    add: (value: number): void => {
      if (seen++ % stride !== 0) return;
      values.push(value);
      if (values.length < SAMPLES) return;
      values = values.filter((_, index) => index % 2 === 0);
      stride *= 2;
    },
    take: (): Quantiles | undefined => {
      const sorted = values.sort((a, b) => a - b);
      [values, stride, seen] = [[], 1, 0];
      if (sorted.length === 0) return undefined;
      const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
      return { p50: at(0.5), p99: at(0.99) };
    },
  };
};

const thin = (received: readonly number[]): readonly number[] => {
  const every = Math.ceil(received.length / OF_COMMIT);
  return every <= 1 ? received : received.filter((_, index) => index % every === 0);
};

/**
 * @param stores by name, the row of the outbox up to which an earlier run left points waiting; undefined: nothing waits. They count from now
 * @param now epoch ms
 */
export const createDelays = (stores: Readonly<Record<string, number | undefined>>, now: () => number): Delays => {
  const committed = createSample();
  const laneFrom = (upTo: number | undefined) => {
    const waiting: Commit[] = upTo === undefined ? [] : [{ upTo, at: now(), received: [] }];
    return { waiting, sample: createSample(), upTo: 0 };
  };
  const lanes = new Map(Object.entries(stores).map(([name, upTo]) => [name, laneFrom(upTo)]));
  /** A store that joined later begins with the first that is heard of it. */
  const laneOf = (name: string): ReturnType<typeof laneFrom> => {
    const lane = lanes.get(name) ?? laneFrom(undefined);
    lanes.set(name, lane);
    return lane;
  };
  return {
    committed: (upTo, received) => {
      const at = now();
      for (const time of received) committed.add(at - time);
      const commit = { upTo, at, received: thin(received) };
      for (const { waiting, upTo: had } of lanes.values()) {
        // A commit of duplicates puts no row into the outbox, and there is nothing to wait for.
        if (upTo <= had) continue;
        const last = waiting.at(-1);
        if (waiting.length >= COMMITS && last !== undefined) waiting[waiting.length - 1] = { ...last, upTo };
        else waiting.push(commit);
      }
    },
    taken: (store, upTo) => {
      const lane = laneOf(store);
      lane.upTo = Math.max(lane.upTo, upTo);
      const rest = lane.waiting.findIndex((commit) => commit.upTo > upTo);
      const at = now();
      for (const { received } of lane.waiting.splice(0, rest < 0 ? lane.waiting.length : rest))
        for (const time of received) lane.sample.add(at - time);
    },
    age: (store) => {
      const oldest = laneOf(store).waiting[0];
      return oldest === undefined ? 0 : now() - oldest.at;
    },
    quantiles: (store) => (store === undefined ? committed : laneOf(store).sample).take(),
  };
};
