// What a pipeline left on disk, in forms that can be held beside another's: but for what tells of the clock, two pipelines that got the
// same messages leave the same.
import type { Signal } from '../../src/core/types.ts';
import { type Child, conservation } from './lantian.ts';

/** Rows of the series by measurement, tags and time. */
export type SeriesLeft = Map<string, Record<string, unknown>>;

type SeriesRow = { measurement: string; tags: string; time: number; fields: string };

/** Series that tell of the clock, or of the pipeline itself. */
export const OF_CLOCK: readonly string[] = ['station_status', 'signal', 'place', 'pipeline', 'pipeline_store'];

/** The embedded store's series, but for those that tell of the clock. */
export const seriesOf = (child: Child): SeriesLeft => {
  const rows = child.rows<SeriesRow>(
    'series.db',
    'SELECT measurement, tags, time, fields FROM point JOIN series ON series.id = point.series',
  );
  return new Map(
    rows
      .filter(({ measurement }) => !OF_CLOCK.includes(measurement))
      .map((row) => [`${row.measurement} ${row.tags} ${row.time}`, JSON.parse(row.fields)]),
  );
};

/** Rows that differ, a few of them in full. */
export const differences = (ours: SeriesLeft, theirs: SeriesLeft) => {
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])];
  const sorted = (row: object = {}) => JSON.stringify(Object.entries(row).sort());
  const found = keys.filter((key) => sorted(ours.get(key)) !== sorted(theirs.get(key)));
  return { count: found.length, some: found.slice(0, 5).map((key) => [key, ours.get(key), theirs.get(key)]) };
};

const texts = (child: Child, sql: string): string[] =>
  child.rows<{ text: string }>('lantian.db', sql).map((row) => row.text);

/** What was read, by its identity; editions are not told apart. */
export const readingsOf = (child: Child): string[] =>
  texts(
    child,
    `SELECT DISTINCT feed || ' ' || station || ' ' || time || ' ' || start || ' ' || span AS text FROM archive
     JOIN archive_series ON id = series ORDER BY 1`,
  );

/** What was not understood: a message that came again stands once. */
export const quarantineOf = (child: Child): string[] =>
  texts(
    child,
    "SELECT DISTINCT reason || ' ' || topic || ' ' || CAST(payload AS TEXT) AS text FROM quarantine ORDER BY 1",
  );

/** Messages of the journal, as `topic payload`, in the order of their arrival. */
export const journalOf = (child: Child): string[] =>
  texts(child, "SELECT topic || ' ' || CAST(payload AS TEXT) AS text FROM journal WHERE kind = 0 ORDER BY seq");

export const signalsOf = (child: Child): Signal[] =>
  texts(child, 'SELECT body AS text FROM signal ORDER BY kind, subject').map((body) => JSON.parse(body) as Signal);

/** How signals stand. */
export const standOf = (child: Child) =>
  signalsOf(child).map(({ kind, subject, level, state }) => ({ kind, subject, level, state }));

/** Time of the last tick, epoch ms. */
export const tickOf = (child: Child): number | undefined =>
  child.rows<{ value: number }>('lantian.db', "SELECT value FROM state WHERE name = 'tick'")[0]?.value;

/** All that was sent is applied and every store has it. */
export const isIdle = async (child: Child): Promise<boolean> => {
  const metrics = await child.metrics();
  const { inFlight, pending } = conservation(metrics);
  const waiting = [...metrics].filter(([name]) => name.startsWith('lantian_outbox_points{'));
  const stored = waiting.every(([, points]) => points === 0);
  return pending === 0 && inFlight === 0 && stored && metrics.get('lantian_signals_pending') === 0;
};
