// A county's messages as the field sends them: some broken, some repeated, some late, some revised.
import { generate } from '../../sensors/simulator/generate.ts';
import { loadCatalog } from '../../src/config/catalog.ts';
import { DAY, isoUtc, MINUTE, monthStart } from '../../src/core/time.ts';
import type { Outgoing } from './publish.ts';
import { seeded } from './random.ts';

const POINT = 'dustfall-1';

export interface LoadOptions {
  readonly days: number;
  /** The end of the days, epoch ms. */
  readonly now: number;
  readonly seed: number;
  /** Messages that raise and lift one signal in turn. */
  readonly toggles: number;
}

type Body = { time: string; values: Record<string, number> };
const bodyOf = (payload: string): Body | undefined => {
  try {
    return JSON.parse(payload) as Body;
  } catch {
    return undefined; // what a broken sensor sends
  }
};

/** Whether "in the future" depends on when it arrives. */
const isDoubtful = (payload: string, now: number): boolean => {
  const time = Date.parse(bodyOf(payload)?.time ?? '');
  return time > now && time < now + 60 * MINUTE;
};

/** Another edition of a reading; of air, whose signals need no history. */
const revised = ({ topic, payload }: Outgoing): Outgoing | undefined => {
  const body = topic.includes('/air/') ? bodyOf(payload) : undefined;
  if (body === undefined) return undefined;
  const values = Object.fromEntries(Object.entries(body.values).map(([name, value]) => [name, value + 1]));
  return { topic, payload: JSON.stringify({ ...body, values }) };
};

/** The messages of some days, in the order of their sending; a seed determines them. */
export const loadOf = ({ days, now, seed, toggles }: LoadOptions): Outgoing[] => {
  const random = seeded(seed);
  const catalog = loadCatalog('sensors/counties', '140430');
  const range = { from: now - days * DAY, to: now, now, seed: 7 };
  const placed: { at: number; message: Outgoing }[] = [];
  let at = 0;
  for (const message of generate(catalog, 'rainstorm,emission-exceedance,faulty-sensors', range)) {
    if (isDoubtful(message.payload, now)) continue;
    at++;
    const late = random() < 0.05 ? random() * 3000 : 0;
    placed.push({ at: at + late, message });
    if (random() < 0.05) placed.push({ at: at + late + random() * 2000, message });
    const other = random() < 0.1 ? revised(message) : undefined;
    if (other) placed.push({ at: at + late + 1 + random() * 2000, message: other });
  }
  // A point's dustfall above and below the limit in turn: a signal that is raised and lifted again and again.
  const time = isoUtc(monthStart(now));
  for (let i = 0; i < toggles; i++) {
    const payload = JSON.stringify({ time, values: { dustfall: i % 2 === 0 ? 9.5 : 8.5 }, sequence: i });
    placed.push({ at: (at * i) / toggles, message: { topic: `lantian/v1/140430/dustfall/${POINT}`, payload } });
  }
  return placed.sort((a, b) => a.at - b.at).map(({ message: { topic, payload } }) => ({ topic, payload }));
};
