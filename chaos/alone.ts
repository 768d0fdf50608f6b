// The pipeline in this process, without brokers and stores, with a clock that is handed in: for faults of time and of content.
import { loadCatalog } from '../src/config/catalog.ts';
import type { Catalog } from '../src/core/catalog.ts';
import { OF_CLOCK } from '../tests/support/left.ts';
import { createRig, type Rig } from '../tests/support/pipeline.ts';
import { type Contents, contentsOf } from './compare.ts';

export const COUNTY = loadCatalog('sensors/counties', '140430');

/** Each third station: a scenario can then be tried more often. */
export const FEWER: Catalog = { ...COUNTY, stations: new Map([...COUNTY.stations].filter((_, i) => i % 3 === 0)) };

export interface Dated {
  readonly topic: string;
  readonly payload: string | Buffer;
  /** When it arrives, epoch ms. */
  readonly received: number;
}

/** Messages that are handed over before the next ones are applied. */
const PIECE = 2_000;

/** Everything applied, but for figures that wait for ticks: those come with `end`. */
export const feed = (rig: Rig, messages: Iterable<Dated>): void => {
  let piece: Dated[] = [];
  const hand = (): void => {
    rig.send(...piece);
    rig.acknowledged.length = 0;
    rig.pipeline.drain();
    piece = [];
  };
  for (const message of messages) {
    piece.push(message);
    if (piece.length === PIECE) hand();
  }
  hand();
};

/** Ticks until nothing of the county's waits for one. */
export const end = ({ tick, pipeline }: Rig, time: number): void => {
  for (let i = 0; i < 200; i++) {
    tick(time + i * 60_000);
    pipeline.drain();
    if (pipeline.counts().figuresDue === 0) return;
  }
};

export const createAlone = (now: () => number, catalog: Catalog = COUNTY): Rig => createRig(catalog, { now });

const ofClock = (key: string): boolean => OF_CLOCK.includes(key.slice(0, key.indexOf(' ')));

/** The series but for those that tell of the clock. */
export const seriesLeft = (rig: Rig): Contents =>
  contentsOf(Object.entries(rig.series()).filter(([key]) => !ofClock(key)));

/** How signals stand in the end, but for silence of stations, which is of the ticks. */
export const signalsLeft = ({ pipeline }: Rig): Contents =>
  new Map(
    pipeline.register
      .all()
      .filter(({ kind }) => kind !== 'station-silent')
      .map(({ kind, subject, level, state }) => [`${kind} ${subject}`, JSON.stringify({ level, state })]),
  );

/** What is not where it ought to be by the law of conservation. */
export const unaccounted = ({ pipeline }: Rig, sent: number): string[] => {
  const { received, outcomes, inFlight, quarantined } = pipeline.counts();
  const ended = outcomes.stored + outcomes.duplicate + outcomes.quarantined;
  const reasons = Object.values(quarantined).reduce((sum, count) => sum + count, 0);
  return [
    ...(received === sent ? [] : [`sent ${sent}, received ${received}`]),
    ...(ended + inFlight === received && inFlight === 0 ? [] : [`received ${received}, ended ${ended}`]),
    ...(reasons === outcomes.quarantined ? [] : [`quarantined ${outcomes.quarantined}, by reason ${reasons}`]),
  ];
};
