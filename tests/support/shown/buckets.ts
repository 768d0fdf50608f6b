import type { Row } from '../../../src/store/port.ts';
import type { County } from '../county.ts';
import type { Range, Shown } from './rows.ts';

/** What a function of InfluxQL makes of numbers in the order of their times. */
export const MAKES = {
  sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  mean: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length,
  max: (values: readonly number[]) => Math.max(...values),
  last: (values: readonly number[]) => values.at(-1)!,
} as const;
export type Make = keyof typeof MAKES;

export interface Summed {
  readonly of: Make;
  readonly field: string;
  /** What the panel calls it; the function's name when absent. */
  readonly as?: string;
  /** Length of a bucket, ms; absent: one for all, without a time. */
  readonly every?: number;
  readonly tag?: string;
}

const readAll = (county: County, measurement: string, { from, to }: Range): Promise<readonly Row[]> =>
  county.read({ measurement, from, to: to + 1 });

/** Numbers of a field by bucket and tag, and what the function makes of them; a bucket without any is not there. */
export const summed = async (county: County, measurement: string, range: Range, wanted: Summed): Promise<Shown[]> => {
  const { of, field, as = of, every, tag } = wanted;
  const rows = (await readAll(county, measurement, range)).filter(({ fields }) => fields[field] !== undefined);
  const bucketOf = ({ time, tags }: Row): string =>
    JSON.stringify([every === undefined ? 0 : Math.floor(time / every) * every, tags[tag ?? '']]);
  return [...Map.groupBy(rows, bucketOf)].map(([bucket, group]) => {
    const [time, value] = JSON.parse(bucket) as [number, string | null];
    return {
      ...(every === undefined ? {} : { time }),
      ...(tag === undefined ? {} : { [tag]: value }),
      [as]: MAKES[of](group.map(({ fields }) => Number(fields[field]))),
    };
  });
};

/** One number over all rows; undefined where there is none. */
export const numberOf = async (
  county: County,
  measurement: string,
  range: Range,
  of: Make,
  field: string,
): Promise<number | undefined> =>
  (await summed(county, measurement, range, { of, field }))[0]?.[of] as number | undefined;
