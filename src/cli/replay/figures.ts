import { isoUtc } from '../../core/time.ts';
import type { FieldValue, Figure } from '../../core/types.ts';
import { getOr } from './maps.ts';
import type { TextFile } from './output.ts';

/** One figure as the series has it at the end. */
interface Final {
  fields: Readonly<Record<string, FieldValue>>;
  invalid: readonly string[] | undefined;
}

interface Series {
  readonly station: string;
  readonly tags: string;
  /** What tells its rows from those of another series of the measurement and station: `:month`. */
  readonly suffix: string;
  readonly finals: Map<number, Final>;
}

/**
 * The final figures of a replay. A later edition of the same measurement, station, tags and time takes the place of the earlier, field by
 * field as a store does; fields in `gone` vanish. All are kept in memory until they are written: a year of twelve stations is
 * about 430,000 figures and 300 MB.
 */
export interface FigureBook {
  add(figure: Figure): void;
  /** Final figures now. */
  readonly size: number;
  /** Rows `measurement,time,station,field,value,valid`, sorted by the first four; returns how many. */
  write(file: TextFile): number;
}

/** Series carry a figure's start; rolling rain its window's end (CONTRACT 2, time). */
const timeOf = (figure: Figure): number => (figure.measurement === 'rain_rolling' ? figure.end : figure.start);

const tagText = (tags: Figure['tags']): string => (tags ? JSON.stringify(Object.entries(tags).sort()) : '');

const suffixOf = (tags: Figure['tags']): string =>
  Object.values(tags ?? {})
    .map((value) => `:${value}`)
    .join('');

const merge = (old: Final, { fields, invalid, gone }: Figure): Final => {
  const merged: Record<string, FieldValue> = { ...old.fields, ...fields };
  for (const name of gone ?? []) if (!(name in fields)) delete merged[name];
  const kept = old.invalid?.filter((name) => name in merged && !(name in fields)) ?? [];
  return { fields: merged, invalid: kept.length > 0 ? [...kept, ...(invalid ?? [])] : invalid };
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const cell = (value: FieldValue): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const byStation = (a: Series, b: Series): number => byText(a.station, b.station) || byText(a.tags, b.tags);

interface Dated {
  readonly series: Series;
  readonly time: number;
  readonly final: Final;
}

/** Whether two are of the same time and station, told apart by tags. */
const isBeside = (a: Dated, b: Dated): boolean => a.time === b.time && a.series.station === b.series.station;

/** The figures of a measurement by time, then station: numbers are sorted, not lines. */
const inOrder = (all: Iterable<Series>): Dated[] => {
  const sorted = [...all].sort(byStation);
  const flat = sorted.flatMap((series) => [...series.finals].map(([time, final]) => ({ series, time, final })));
  return flat.sort((a, b) => a.time - b.time); // stable: stations stay in order within a time
};

/** Field names in order, by their joined text: figures of one kind share a handful of shapes. */
const createNames = (): ((fields: Final['fields']) => readonly string[]) => {
  const shapes = new Map<string, readonly string[]>();
  return (fields) => {
    const names = Object.keys(fields);
    return getOr(shapes, names.join(), () => names.filter((name) => name !== 'valid').sort());
  };
};

/** Times as text: rows of one time follow each other. */
const createTimes = (): ((time: number) => string) => {
  let [last, iso] = [Number.NaN, ''];
  return (time) => {
    if (time !== last) [last, iso] = [time, isoUtc(time)];
    return iso;
  };
};

export const createFigureBook = (): FigureBook => {
  const measurements = new Map<string, Map<string, Series>>();
  const namesOf = createNames();
  const isoOf = createTimes();
  let size = 0;
  const seriesOf = ({ measurement, station, tags }: Figure): Series => {
    const text = tagText(tags);
    const all = getOr(measurements, measurement, () => new Map<string, Series>());
    return getOr(all, `${station} ${text}`, () => ({ station, tags: text, suffix: suffixOf(tags), finals: new Map() }));
  };
  /** Rows of a figure, each after its field as it is written. */
  const rowsOf = ({ series, time, final }: Dated): [string, string][] =>
    namesOf(final.fields).map((name) => {
      const field = `${name}${series.suffix}`;
      const value = cell(final.fields[name] as FieldValue);
      return [field, `${isoOf(time)},${series.station},${field},${value},${!final.invalid?.includes(name)}\n`];
    });
  const writeMeasurement = (measurement: string, file: TextFile): number => {
    const dated = inOrder(measurements.get(measurement)?.values() ?? []);
    let count = 0;
    for (let first = 0, next = 0; first < dated.length; first = next) {
      while (next < dated.length && isBeside(dated[first]!, dated[next]!)) next++;
      const rows = dated.slice(first, next).flatMap(rowsOf);
      // The fields of one series are in order already.
      if (next - first > 1) rows.sort(([a], [b]) => byText(a, b));
      for (const [, row] of rows) file.write(`${measurement},${row}`);
      count += rows.length;
    }
    return count;
  };
  return {
    get size() {
      return size;
    },
    add: (figure) => {
      const { finals } = seriesOf(figure);
      const time = timeOf(figure);
      const old = finals.get(time);
      if (!old) size += 1;
      finals.set(time, old ? merge(old, figure) : { fields: figure.fields, invalid: figure.invalid });
    },
    write: (file) => {
      file.write('measurement,time,station,field,value,valid\n');
      return [...measurements.keys()]
        .sort(byText)
        .reduce((rows, measurement) => rows + writeMeasurement(measurement, file), 0);
    },
  };
};
