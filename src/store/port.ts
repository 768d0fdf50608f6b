import type { FieldValue, Point } from '../core/types.ts';

/** Which rows of a series to read: `from` <= time < `to`. */
export interface SeriesQuery {
  readonly measurement: string;
  /** Tags that must be equal; others are free. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly from: number;
  readonly to: number;
  readonly limit?: number;
}

export interface Row {
  readonly time: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** A point that the store will never take, with the store's own words. */
export interface Refusal {
  readonly point: Point;
  readonly words: string;
}

/**
 * A time-series store. Writing is idempotent: the same measurement, tags and time again replace what was there,
 * fields in `gone` are unset. When `write` resolves, the points that were not refused are in the store for good;
 * when it rejects (the store is down, slow or unauthorised) any part may be written and all of it is sent again.
 */
export interface Store {
  readonly name: string;
  /** Make the database or bucket where the store needs one; harmless when run again. */
  init(): Promise<void>;
  /** Whether a point is for this store, by its measurement and tags; absent: all are. `write` leaves others out. */
  wants?(point: Pick<Point, 'measurement' | 'tags'>): boolean;
  write(points: readonly Point[]): Promise<readonly Refusal[]>;
  /** `write` of all points in JSON arrays, as the outbox holds them; absent: the store does not take them so. Not for a store that `wants` some. */
  writeTexts?(texts: readonly string[]): Promise<readonly Refusal[]>;
  /** Rows in order of time, then tags. */
  read(query: SeriesQuery): Promise<readonly Row[]>;
  /** Remove rows with a time before `before`, at most `rows` at once; how many went. Servers have retention of their own. */
  forget?(before: number, rows: number): Promise<number>;
  close(): Promise<void>;
}
