import type { Signal } from '../core/types.ts';
import { LEVELS, type Level } from '../standards/weather-plan-2021.ts';
import { isEnded } from './life.ts';

// 沁政办发〔2021〕19号 3.4: 发生或可能发生两种以上气象灾害，按照标准较高级别灾种启动应急响应. Each hazard keeps its own signal; of those
// that are up the highest leads.

/** The higher of what the threshold says and what is signed; what is about to be lifted counts by what is signed alone. */
const rankOf = ({ level, state, in_force }: Signal): number => {
  const said = state === 'lift-proposed' ? null : level;
  return Math.max(LEVELS.indexOf(said as Level), LEVELS.indexOf(in_force?.level as Level)) + 1;
};

/**
 * The weather response that leads; undefined: none is up.
 * @param signals of any kind; of equal levels the one that began first leads, of one instant the first by subject
 */
export const leadingOf = (signals: readonly Signal[]): Signal | undefined =>
  signals
    .filter((signal) => signal.kind === 'weather-response' && !isEnded(signal) && rankOf(signal) > 0)
    .sort(
      (a, b) => rankOf(b) - rankOf(a) || Date.parse(a.since) - Date.parse(b.since) || (a.subject < b.subject ? -1 : 1),
    )[0];
