import type { Catalog } from '../../src/core/catalog.ts';
import type { Log } from '../../src/core/log.ts';
import { connectBroker } from './broker.ts';
import { generate } from './generate.ts';
import { type Progress, publishAll } from './publisher.ts';
import type { Message } from './scenario.ts';

export interface SimulatorOptions {
  readonly catalog: Catalog;
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Scenarios joined by commas. */
  readonly scenario: string;
  /** Instant at which the simulated history begins. */
  readonly from: number;
  /** Instant at which the simulation ends; without one it goes on until the signal. */
  readonly until?: number | undefined;
  /** Instant that the scenarios are about (the storm's peak); default: the clock at the start, or `until` where that is earlier. */
  readonly now?: number | undefined;
  /** How many times faster than the clock the history runs until it meets the clock; Infinity: as fast as the broker acknowledges. */
  readonly speed: number;
  /** Messages a second, at most. */
  readonly rate?: number | undefined;
  readonly seed: number;
  /** Give up when the broker cannot be reached at first, in place of trying again. */
  readonly once?: boolean | undefined;
  readonly inFlight?: number | undefined;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly clock?: (() => number) | undefined;
  readonly progress?: ((progress: Progress) => void) | undefined;
}

/** What a run of the simulator came to. */
export interface Simulated {
  readonly acknowledged: number;
  /** Real time it took, ms. */
  readonly took: number;
}

/** The simulated clock runs `speed` times until it meets the real one, and with it from there: readings of the future are refused. */
const pacing = (options: SimulatorOptions, started: number) => (message: Message, number: number) =>
  Math.max(
    message.time,
    started + (message.time - options.from) / options.speed,
    started + (number * 1000) / (options.rate ?? Number.POSITIVE_INFINITY),
  );

/** The instant that the scenarios are about. */
export const subjectOf = (options: Pick<SimulatorOptions, 'now' | 'until'>, clock: number): number =>
  options.now ?? Math.min(clock, options.until ?? clock);

/**
 * Simulate a county on a real broker: the history as fast as told, then live, until `until` or the signal.
 * @throws LantianError usage for an unknown scenario; broker-refused, with `once` only
 */
export const runSimulator = async (options: SimulatorOptions): Promise<Simulated> => {
  const { catalog, from, seed, signal } = options;
  const clock = options.clock ?? Date.now;
  const now = subjectOf(options, clock());
  const messages = generate(catalog, options.scenario, {
    from,
    to: options.until ?? Number.POSITIVE_INFINITY,
    seed,
    now,
  });
  const client = await connectBroker(options);
  const started = clock();
  if (client === undefined) return { acknowledged: 0, took: 0 };
  let settled = false;
  try {
    const { sent, acknowledged } = await publishAll(messages, {
      client,
      signal,
      clock,
      due: pacing(options, started),
      inFlight: options.inFlight ?? 200,
      progress: options.progress ?? (() => {}),
    });
    settled = sent === acknowledged;
    return { acknowledged, took: clock() - started };
  } finally {
    // An orderly end would wait for acknowledgements that no longer come.
    await client.endAsync(!settled || !client.connected);
  }
};
