import type { Bilingual, Signal } from '../core/types.ts';
import { type Measure, measuresFor, NONE_NAMED } from '../standards/weather-measures-2021.ts';
import { isEnded } from './life.ts';

// What goes with a signal on its way out: the measures of the plan. The register keeps the signal without them.

/** A signal as it is delivered. Fields are there for weather responses and warning signals that have not ended. */
export interface Delivered extends Signal {
  /** What the plan has each department do at `level`; empty where it names nothing. */
  readonly measures?: readonly Measure[];
  /** Why `measures` is empty. */
  readonly measures_note?: Bilingual;
  /** Of the level that is signed, where `level` is another. */
  readonly measures_in_force?: readonly Measure[];
}

const WITH_MEASURES: readonly string[] = ['weather-response', 'warning-signal'];

/** The signal with its measures (沁政办发〔2021〕19号, 附件5); the same for the same signal, so that a message may be made again. */
export const deliveredOf = (signal: Signal): Delivered => {
  if (!WITH_MEASURES.includes(signal.kind) || isEnded(signal)) return signal;
  const { subject, level, in_force } = signal;
  const measures = measuresFor(subject, level ?? '');
  const other = in_force && in_force.level !== level ? measuresFor(subject, in_force.level ?? '') : undefined;
  return {
    ...signal,
    measures,
    ...(measures.length === 0 ? { measures_note: NONE_NAMED } : {}),
    ...(other === undefined ? {} : { measures_in_force: other }),
  };
};
