// Writing to a server that can delete a row but not a field. To unset fields, the row is read, deleted and written again
// without them. Between the delete and the write its other fields are only here, so they are remembered in `owed`
// until the write went through: when it fails, the same points come again and take them from there. Only a crash of
// this process in that very moment loses them; figures carry all their fields, so the next edition brings them back.
import type { FieldValue, Point } from '../core/types.ts';
import type { Refusal } from './port.ts';
import { checked, type Send, sendHalving } from './send.ts';
import { rowKey } from './series.ts';

type Fields = Readonly<Record<string, FieldValue>>;

/** A row as the server has it; its tags as the server needs them to delete it and no other. */
export interface StoredRow {
  readonly fields: Fields;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RowServer {
  readonly send: Send;
  /** For each point the row it replaces, where there is one. */
  stored(points: readonly Point[]): Promise<readonly (StoredRow | undefined)[]>;
  remove(rows: readonly (StoredRow & { readonly point: Point })[]): Promise<void>;
}

/** Rows that are read, deleted and written in one go: InfluxDB may need 25 ms to delete one, and each call has its time. */
const AT_ONCE = 50;

const unsets = (point: Point): boolean => point.gone !== undefined && point.gone.length > 0;

/**
 * Points whose rows have no field unset, and the others in rounds: a row is in a round at most once, and its later
 * points are in later rounds, so that their order is kept.
 */
export const splitRounds = (points: readonly Point[]): { plain: readonly Point[]; rounds: readonly Point[][] } => {
  if (!points.some(unsets)) return { plain: points, rounds: [] };
  const next = new Map(points.filter(unsets).map((point) => [rowKey(point), 0]));
  const rounds: Point[][] = [];
  const plain = points.filter((point) => {
    const key = rowKey(point);
    const round = next.get(key);
    if (round === undefined) return true;
    next.set(key, round + 1);
    if (rounds[round]) rounds[round].push(point);
    else rounds[round] = [point];
    return false;
  });
  return { plain, rounds };
};

const merged = (before: Fields, { fields, gone }: Point): Fields => {
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => !gone?.includes(name)));
  return { ...kept, ...fields };
};

const chunks = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, i) => items.slice(i * AT_ONCE, (i + 1) * AT_ONCE));

/** A store's `write` on such a server. */
export const createWriter = (server: RowServer): ((points: readonly Point[]) => Promise<readonly Refusal[]>) => {
  const owed = new Map<string, Fields>();

  const replace = async (points: readonly Point[]): Promise<Refusal[]> => {
    const rows = await server.stored(points);
    const plans = points.map((point, i) => {
      const fields = merged({ ...owed.get(rowKey(point)), ...rows[i]?.fields }, point);
      return { point, row: rows[i], whole: { ...point, fields } };
    });
    const doomed = plans.flatMap(({ point, row }) =>
      row && point.gone?.some((name) => name in row.fields) ? { ...row, point } : [],
    );
    const lost = new Set(doomed.map(({ point }) => point));
    for (const { point, whole } of plans) if (lost.has(point)) owed.set(rowKey(point), whole.fields);
    if (doomed.length > 0) await server.remove(doomed);
    const originals = new Map<Point, Point>(plans.map(({ point, whole }) => [whole, point]));
    const written = [...originals.keys()].filter(({ fields }) => Object.keys(fields).length > 0);
    const refused = await sendHalving(written, server.send);
    for (const point of points) owed.delete(rowKey(point));
    return refused.map(({ point, words }) => ({ point: originals.get(point)!, words }));
  };

  return async (points) => {
    const { good, refused } = checked(points);
    const { plain, rounds } = splitRounds(good);
    refused.push(...(await sendHalving(plain, server.send)));
    for (const round of rounds) for (const some of chunks(round)) refused.push(...(await replace(some)));
    return refused;
  };
};
