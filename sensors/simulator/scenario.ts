import type { Catalog, Station } from '../../src/core/catalog.ts';
import type { Bilingual, Feed } from '../../src/core/types.ts';
import type { Noise } from './noise.ts';

/** What is published at an instant; `payload` is a message's bytes as text. */
export interface Message {
  readonly time: number;
  readonly topic: string;
  readonly payload: string;
}

/** A message before it is written: scenarios may still spoil it. `text` stands in for the JSON of `body`. */
export interface Draft {
  /** Instant of publishing. */
  readonly time: number;
  /** End of the period of the reading. */
  readonly end: number;
  readonly feed: Feed;
  readonly station: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly values: Readonly<Record<string, number>> };
  readonly text?: string;
}

/** What a scenario is told. `now` is the instant it is about: where the history ends and live time begins. */
export interface Setting {
  readonly catalog: Catalog;
  readonly noise: Noise;
  readonly now: number;
}

/** What a scenario does to a calm county; what it leaves out stays calm. */
export interface Effects {
  /** Rain that has fallen in a township since the scenario began, mm; never decreasing. */
  readonly fallen?: (township: string | undefined, time: number) => number;
  /** What the forecaster says of the rain of (time, time + 24 h] in a township, mm. */
  readonly rainForecast?: (township: string, time: number) => number;
  /** Fine particles on top of the usual ones, µg/m³. */
  readonly haze?: (time: number) => number;
  /** Dustfall of a point in the month that begins at `start`, t/(km²·30d); undefined: as usual. */
  readonly dustfall?: (station: Station, start: number) => number | undefined;
  /** An outlet's converted concentration as a share of its permit's limit; undefined: as usual. */
  readonly emission?: (outlet: Station, quantity: string, time: number) => number | undefined;
  /** Day of the year whose weather the scenario needs, 1-365, whatever the date. */
  readonly season?: number;
  /** Messages that leave in place of one: none, the same, a spoilt one, more, later. */
  readonly disturb?: (draft: Draft) => readonly Draft[];
}

/** One story to simulate; several are told at once by joining their effects. */
export interface Scenario {
  readonly name: string;
  readonly title: Bilingual;
  readonly effects: (setting: Setting) => Effects;
}
