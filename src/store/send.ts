import type { Point } from '../core/types.ts';
import type { Refusal } from './port.ts';
import { mistakeOf } from './series.ts';

/**
 * Sends points to a server. Resolves to undefined when it took them all, to its words when it will not have some of
 * them; rejects when they should be sent again later.
 */
export type Send = (points: readonly Point[]) => Promise<string | undefined>;

/** Send points; where the server refuses some, halve until those are found and everything else is written, in order. */
export const sendHalving = async (points: readonly Point[], send: Send): Promise<Refusal[]> => {
  if (points.length === 0) return [];
  const words = await send(points);
  if (words === undefined) return [];
  if (points.length === 1) return [{ point: points[0]!, words }];
  const middle = points.length >> 1;
  const first = await sendHalving(points.slice(0, middle), send);
  return [...first, ...(await sendHalving(points.slice(middle), send))];
};

/** Those that may be sent, and those that no store can take. */
export const checked = (points: readonly Point[]): { good: readonly Point[]; refused: Refusal[] } => {
  const refused: Refusal[] = [];
  const good = points.filter((point) => {
    const words = mistakeOf(point);
    if (words !== undefined) refused.push({ point, words });
    return words === undefined;
  });
  return { good, refused };
};
