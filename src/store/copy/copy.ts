// History from the embedded store to another one, beside a pipeline that writes to both.
//
// 1. Pieces are read, written and marked, one after the other.
// 2. A row that the pipeline changed meanwhile may have been overwritten with what it was. So, where anything was put into the outbox
//    since the copy began, pieces are looked at again once the embedded store has what the outbox held by then: one whose rows
//    are others now is written again, with fields unset that its rows do not have. Those written again are looked at again.
//
// Rows that are newer than all of their series when the copy began are the pipeline's to write, and are left to it: they come without end, and
// each would make its piece another one.
import type { Point } from '../../core/types.ts';
import type { Refusal, Store } from '../port.ts';
import type { Marks, Page, Tally } from './marks.ts';
import type { Source, Wish } from './source.ts';

/** The outbox, as far as a copy must know it. */
export interface Outflow {
  /** Number of the newest row that ever was in the outbox. */
  newest(): number;
  /** Resolves when the embedded store has all rows up to this one. */
  caughtUp(newest: number): Promise<void>;
}

export interface CopyParts {
  readonly source: Source;
  readonly wish: Wish;
  readonly store: Pick<Store, 'write'>;
  readonly marks: Marks;
  readonly outflow: Outflow;
  /** Rows of one piece. */
  readonly atMost: number;
  /** So many more rows were written. */
  progress(rows: number): void;
  refused(refusals: readonly Refusal[]): void;
}

const talliesOf = (points: readonly Point[], refused: readonly Refusal[]): Tally[] => {
  const counts = new Map<string, { rows: number; refused: number }>();
  const of = (measurement: string) => {
    const count = counts.get(measurement) ?? { rows: 0, refused: 0 };
    counts.set(measurement, count);
    return count;
  };
  for (const { measurement } of points) of(measurement).rows += 1;
  for (const { point } of refused) {
    of(point.measurement).rows -= 1;
    of(point.measurement).refused += 1;
  }
  return [...counts].map(([measurement, count]) => ({ measurement, ...count }));
};

const copyPieces = async ({ source, wish, store, marks, atMost, progress, refused }: CopyParts): Promise<void> => {
  for (;;) {
    const after = marks.last()?.upTo;
    const piece = source.next(wish, after, atMost);
    if (!piece) return;
    const refusals = await store.write(piece.points);
    refused(refusals);
    marks.add({ after, upTo: piece.upTo, digest: piece.digest }, talliesOf(piece.points, refusals));
    progress(piece.points.length);
  }
};

const unsetting = (source: Source, points: readonly Point[]): Point[] => {
  const known = new Map<string, readonly string[]>();
  return points.map((point) => {
    const fields = known.get(point.measurement) ?? source.fields(point.measurement);
    known.set(point.measurement, fields);
    return { ...point, gone: fields.filter((name) => !(name in point.fields)) };
  });
};

/** Write pages again whose rows are others now; those pages. */
const lookAgain = async ({ source, wish, store, marks }: CopyParts, pages: Iterable<Page>): Promise<Page[]> => {
  const written: Page[] = [];
  for (const page of pages) {
    const piece = source.again(wish, page.after, page.upTo);
    if (!piece || piece.digest === page.digest) continue;
    await store.write(unsetting(source, piece.points));
    const amended = { ...page, digest: piece.digest };
    marks.amend(amended);
    written.push(amended);
  }
  return written;
};

/** Copy what is wished for, from where the marks stand; the marks stay. Rejects as the store's `write` does. */
export const copyHistory = async (parts: CopyParts): Promise<void> => {
  const { marks, outflow } = parts;
  await outflow.caughtUp(marks.newest);
  await copyPieces(parts);
  let since = marks.newest;
  let pages = marks.pages();
  for (let newest = outflow.newest(); newest !== since; newest = outflow.newest()) {
    await outflow.caughtUp(newest);
    const written = await lookAgain(parts, pages);
    if (written.length === 0) return;
    [since, pages] = [newest, written];
  }
};
