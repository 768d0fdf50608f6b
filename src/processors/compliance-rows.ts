import { emission } from '../../sensors/feeds/emission.ts';
import { tidy } from '../core/round.ts';
import type { FieldValue } from '../core/types.ts';

// What rows of emission_compliance hold, and what they say together: of an outlet's day, of an enterprise's month or year. Rows are
// as a store gives them.

export type Row = Readonly<Record<string, FieldValue>>;

/** Quantities that are converted and that permits limit: the concentrations. */
export const CONCENTRATIONS: readonly string[] = Object.entries(emission.quantities).flatMap(([name, { unit }]) =>
  unit === 'mg/m³' ? [name] : [],
);

export const STATUSES = ['running', 'starting', 'stopping', 'stopped', 'fault', 'calibration'] as const;

export type Outcome = 'exceeded' | 'within' | 'unknown' | 'absent';

/** A converted mean of a row that has its minimum of data. */
export const validMean = (row: Row, quantity: string): number | undefined => {
  const name = `converted_${quantity}`;
  const value = row[name] as number | undefined;
  return String(row['invalid'] ?? '')
    .split(',')
    .includes(name)
    ? undefined
    : value;
};

/** What an hour's row says of a quantity; `absent`: not measured in that hour, or not limited. */
export const outcomeOf = (row: Row, quantity: string): Outcome => {
  if (row[`limit_${quantity}`] === undefined) return 'absent';
  if (row[`multiple_${quantity}`] !== undefined) return 'exceeded';
  if (validMean(row, quantity) !== undefined) return 'within';
  return String(row['invalid'] ?? '')
    .split(',')
    .includes(`converted_${quantity}`)
    ? 'unknown'
    : 'absent';
};

const sumOf = (rows: readonly Row[], name: string): number =>
  rows.reduce((sum, row) => sum + ((row[name] as number | undefined) ?? 0), 0);

/** Minutes in each state; absent: none. */
export const minutesOfRows = (rows: readonly Row[]): Record<string, number> =>
  Object.fromEntries(
    STATUSES.map((status) => [`minutes_${status}`, tidy(sumOf(rows, `minutes_${status}`))] as const).filter(
      ([, minutes]) => minutes > 0,
    ),
  );

/** What hourly rows of one outlet or of several say together. */
export interface Compliance {
  /** Hours with any reading. */
  readonly hours: number;
  readonly judged: number;
  readonly exceeded: number;
  /** 达标率: share of the judged hours that were within the limits, 0 to 1; undefined: none was judged. */
  readonly compliance: number | undefined;
  /** 数据传输率: readings received over readings due, 0 to 1, no hour counting for more than whole; undefined: none was due. */
  readonly transfer: number | undefined;
}

/**
 * Sum up hourly rows.
 * @param hoursDue hours in which readings were due: those of the period, times the outlets. An hour without any reading has no row
 */
export const complianceOf = (rows: readonly Row[], hoursDue: number): Compliance => {
  const judged = rows.filter((row) => row['judged'] === true).length;
  const exceeded = rows.filter((row) => row['exceeded'] === true).length;
  const received = rows.reduce((sum, row) => sum + Math.min(1, Number(row['received']) / Number(row['due'])), 0);
  return {
    hours: rows.length,
    judged,
    exceeded,
    compliance: judged === 0 ? undefined : tidy((judged - exceeded) / judged),
    transfer: hoursDue === 0 ? undefined : tidy(received / hoursDue),
  };
};

/** The mean of the rows' valid converted means, and whether there are enough of them; undefined: there is none. */
export const meanOfRows = (
  rows: readonly Row[],
  quantity: string,
  least: number,
): { value: number; valid: boolean } | undefined => {
  const values = rows.flatMap((row) => validMean(row, quantity) ?? []);
  if (values.length === 0) return undefined;
  return { value: tidy(values.reduce((sum, value) => sum + value, 0) / values.length), valid: values.length >= least };
};
