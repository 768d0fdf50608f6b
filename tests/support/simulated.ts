import { generate, type Range } from '../../sensors/simulator/generate.ts';
import { loadCatalog } from '../../src/config/catalog.ts';
import { HOUR } from '../../src/core/time.ts';

export const catalog = loadCatalog('sensors/counties', '140430');
/** 20 July 2026, 16:00 Beijing time. */
export const NOW = Date.UTC(2026, 6, 20, 8);

/** A simulated message, read as any JSON program would; `body` is undefined where it is no JSON. */
export interface Heard {
  readonly time: number;
  readonly feed: string;
  readonly station: string;
  readonly payload: string;
  readonly body: { time: string; from?: string; to?: string; values: Record<string, number> } | undefined;
  /** Epoch ms of the payload's time. */
  readonly end: number;
}

const parsed = (payload: string): Heard['body'] => {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined; // what a broken sensor sends
  }
};

/** All messages of a scenario, by default of the 72 hours before NOW and the 24 after it. */
export const hear = (scenario: string, range: Partial<Range> = {}): Heard[] => {
  const whole = { from: NOW - 72 * HOUR, to: NOW + 24 * HOUR, seed: 1, now: NOW, ...range };
  return [...generate(catalog, scenario, whole)].map(({ time, topic, payload }) => {
    const [, , , feed = '', station = ''] = topic.split('/');
    const body = parsed(payload);
    return { time, feed, station, payload, body, end: Date.parse(body?.time ?? '') };
  });
};
