import type { z } from 'zod';
import type { Bilingual, Feed } from '../../src/core/types.ts';

/** How readings of a quantity become the figure of an hour or a day. `direction` is the mean of wind vectors. */
export type Aggregate = 'mean' | 'sum' | 'max' | 'min' | 'direction' | 'last';

/** What is measured (监测因子), with its one fixed unit. */
export interface Quantity {
  readonly name: Bilingual;
  readonly unit: string;
  /** Physically plausible range, both ends included; a message with a value outside is quarantined, never clipped. */
  readonly least: number;
  readonly most: number;
  readonly aggregate: Aggregate;
}

/** The content of a message after JSON.parse and the feed's schema; the same for every feed, absent where a feed has none. */
export interface Payload {
  readonly time: string | number;
  readonly period?: string | undefined;
  readonly values: Readonly<Record<string, number | null | undefined>>;
  readonly flags?: Readonly<Record<string, string>> | undefined;
  readonly sequence?: number | undefined;
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
  readonly start?: string | number | undefined;
  readonly end?: string | number | undefined;
  readonly phenomena?: readonly string[] | undefined;
  readonly trend?: string | undefined;
  readonly status?: string | undefined;
}

/** A kind of report: the form of its message and what it may measure. */
export interface FeedDefinition {
  readonly feed: Feed;
  readonly name: Bilingual;
  readonly quantities: Readonly<Record<string, Quantity>>;
  /** Form of the message. Strict at the top level and in `values`: an unknown quantity is a mistake that should be seen. */
  readonly payload: z.ZodType<Payload>;
  /**
   * Whether a message, as JSON.parse gave it, is of that form beyond doubt: one look at what most messages hold. Of any other `payload`
   * has the say, and the words.
   */
  readonly isOrdinary: (content: unknown) => content is Payload;
}
