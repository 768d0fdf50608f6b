import type { Row } from './port.ts';
import { canonicalTags } from './series.ts';

/** Sort rows by time, then tags, and keep the first `limit`: the order every engine's `read` gives. */
export const inOrder = (rows: readonly Row[], limit = Number.POSITIVE_INFINITY): readonly Row[] => {
  // Without the closing brace: a series comes before those that have its tags and more.
  const keyed = rows.map((row) => ({ row, tags: canonicalTags(row.tags).slice(0, -1) }));
  keyed.sort((a, b) => a.row.time - b.row.time || (a.tags < b.tags ? -1 : Number(a.tags > b.tags)));
  return keyed.slice(0, limit).map(({ row }) => row);
};

/** Whether a series has all the tags that a query names. */
export const hasTags = (
  tags: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>> = {},
): boolean => Object.entries(wanted).every(([name, value]) => tags[name] === value);
