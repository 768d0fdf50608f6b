import type { Catalog } from '../core/catalog.ts';
import type { Reading } from '../core/types.ts';
import type { Archive } from '../intake/archive.ts';
import { strangeIn } from '../intake/decode.ts';
import { type DeskState, handedAt } from '../intake/desk.ts';
import type { JournalEvent } from '../intake/journal.ts';
import { isRefusal, layOver, marksAfter, type Review, type Reviews } from '../intake/reviews.ts';
import type { Result } from '../middle.ts';

// A review is a revision of what is known of a reading, not of what came: the archive keeps the reading, the middle takes it
// under its marks in place of the one that it knows, and the marks are kept for whatever comes for it later.

export interface ReviewParts {
  readonly archive: Archive;
  readonly reviews: Reviews;
  readonly catalog: Catalog;
  /** Take a reading into the middle. */
  process(reading: Reading): Result;
  /** Write what came of it. */
  write(reading: Reading, result: Result): void;
}

export interface ReviewEnd {
  readonly state: DeskState & ('invalidated' | 'restored' | 'refused');
  readonly detail: string;
}

const refused = (detail: string): ReviewEnd => ({ state: 'refused', detail });

/** Do a review's work, or say why there is none. */
export const applyReview = (event: JournalEvent, parts: ReviewParts): ReviewEnd => {
  const { archive, reviews, catalog, process, write } = parts;
  const strange = strangeIn(event.topic, catalog);
  if (strange !== undefined) return refused(strange);
  const review = JSON.parse(event.payload.toString()) as Review;
  const raw = archive.edition(review);
  const marks = marksAfter(review, raw, reviews.marks(review), handedAt(event.source)?.id ?? event.seq);
  if (isRefusal(marks)) return refused(marks.refused);
  const reading = layOver(raw!, marks);
  const result = process(reading);
  // Marks of what the reading does not hold change nothing now.
  if (result.arrival !== 'duplicate') write(reading, result);
  reviews.put(review, marks);
  return { state: review.action === 'invalidate' ? 'invalidated' : 'restored', detail: '' };
};
