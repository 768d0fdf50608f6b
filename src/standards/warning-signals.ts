// Warning signals for weather (气象灾害预警信号): the form of an edition. An edition is data: conditions of src/standards/conditions.ts by
// signal and colour; a province's may take the place of single levels.

import { type Clause, type Looks, looksOf } from './conditions.ts';

/** Colours from the lowest to the highest. */
export const COLOURS = ['blue', 'yellow', 'orange', 'red'] as const;
export type Colour = (typeof COLOURS)[number];

interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export interface WarningLevel {
  /** Hours ahead that the level speaks of. */
  readonly lead: number;
  /** Alternatives; none: stations and forecasts cannot decide it. */
  readonly clauses: readonly Clause[];
}

export interface WarningSignal {
  readonly name: Bilingual;
  readonly clause: string;
  readonly levels: Readonly<Partial<Record<Colour, WarningLevel>>>;
  /** What would have to be measured; the signal is then only named. */
  readonly unmeasured?: Bilingual;
  /** Alternatives and effects that are people's to judge, beside what is measured. */
  readonly judged?: Bilingual;
  /** Only in seasons that the settings name. */
  readonly season?: 'frost';
  /** The document, where it is not the edition's alone. */
  readonly document?: string;
}

export type WarningSignals = Readonly<Record<string, WarningSignal>>;

/** An edition, and what its signals look at. */
export interface WarningEdition {
  readonly document: string;
  readonly signals: WarningSignals;
  readonly looks: Looks;
}

export const warningEdition = (document: string, signals: WarningSignals): WarningEdition => ({
  document,
  signals,
  looks: looksOf(
    Object.entries(signals).map(([subject, { levels }]) => [
      subject,
      Object.values(levels).flatMap(({ clauses }) => clauses),
    ]),
  ),
});
