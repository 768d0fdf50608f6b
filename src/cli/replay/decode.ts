import type { Quantity } from '../../../sensors/feeds/definition.ts';
import type { Catalog } from '../../core/catalog.ts';
import { LantianError } from '../../core/errors.ts';
import { monthStart, parseTime } from '../../core/time.ts';
import type { Feed, Reading } from '../../core/types.ts';
import { columnsOf, type FeedDefinitions, idFor, type Mapping } from './mapping.ts';
import { compassDegrees, conversion } from './units.ts';

/** Why a row, or one reading of it, is skipped. */
type Complain = (why: string) => void;

/** One row of a file as readings; what cannot be read is told and left out. */
export type Decoder = (cells: readonly string[], complain: Complain) => readonly Reading[];

interface Field {
  readonly name: string;
  readonly index: number;
  readonly quantity: Quantity;
  read(text: string): number | undefined;
}

interface FeedPlan {
  readonly feed: Feed;
  readonly fields: readonly Field[];
}

/** A cell that cannot be read spoils its row. */
class BadRow extends Error {}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

const readerOf = (
  quantity: Quantity,
  source: { unit?: string | undefined; compass?: boolean | undefined },
): Field['read'] => {
  const convert = conversion(source.unit ?? quantity.unit, quantity.unit);
  const compass = source.compass ?? quantity.aggregate === 'direction';
  return (text) => (NUMBER.test(text) ? convert?.(Number(text)) : compass ? compassDegrees(text) : undefined);
};

const plansOf = (mapping: Mapping, definitions: FeedDefinitions, header: readonly string[]): FeedPlan[] =>
  Object.entries(mapping.feeds).map(([name, sources]) => {
    const feed = name as Feed;
    const fields = Object.entries(sources ?? {}).flatMap(([quantityName, source]) => {
      const quantity = definitions[feed].quantities[quantityName];
      if (!source || !quantity) return [];
      return [{ name: quantityName, index: header.indexOf(source.column), quantity, read: readerOf(quantity, source) }];
    });
    return { feed, fields };
  });

/** Times repeat from row to row, so the last text and its time are kept. */
const timeReader = (zone: string | undefined): ((text: string) => number) => {
  let last = '';
  let time: number | undefined;
  return (text) => {
    if (text !== last) {
      last = text;
      const bare = zone !== undefined && !/(Z|[+-]\d{2}(:?\d{2})?)$/i.test(text);
      time = parseTime(bare ? `${text}${zone}` : text);
    }
    if (time === undefined) throw new BadRow(`not a time: ${JSON.stringify(text)}`);
    return time;
  };
};

const valuesOf = (plan: FeedPlan, cells: readonly string[], missing: ReadonlySet<string>): Record<string, number> => {
  const values: Record<string, number> = {};
  for (const field of plan.fields) {
    const text = cells[field.index] ?? '';
    if (missing.has(text)) continue;
    const value = field.read(text);
    if (value === undefined) throw new BadRow(`${field.name} is not a number: ${JSON.stringify(text)}`);
    values[field.name] = value;
  }
  return values;
};

const outside = (plan: FeedPlan, values: Readonly<Record<string, number>>): string | undefined => {
  for (const { name, quantity } of plan.fields) {
    const value = values[name];
    if (value !== undefined && (value < quantity.least || value > quantity.most))
      return `${plan.feed} ${name} ${value} is outside ${quantity.least} to ${quantity.most} ${quantity.unit}`;
  }
  return undefined;
};

const startOf = (time: number, period: number | 'month'): number =>
  period === 'month' ? monthStart(time - 1) : time - period;

const checkHeader = (mapping: Mapping, header: readonly string[], file: string): void => {
  const absent = [...new Set(columnsOf(mapping))].filter((name) => !header.includes(name));
  if (absent.length === 0) return;
  throw new LantianError('mapping-invalid', `${file} lacks columns that its mapping names`, {
    details: absent.map((name) => `${file}:1: no column ${JSON.stringify(name)}`),
  });
};

/**
 * What reads the rows of a file with this header.
 * A row with a bad time, an unknown station or a cell that is no number is skipped whole; a value outside its quantity's
 * physical range skips that feed's reading. A row whose values are all missing is still a reading: the station is alive.
 * @throws LantianError mapping-invalid when the file lacks a column
 */
export const createDecoder = (
  mapping: Mapping,
  given: {
    readonly catalog: Catalog;
    readonly definitions: FeedDefinitions;
    readonly header: readonly string[];
    readonly file: string;
  },
): Decoder => {
  const { header, catalog } = given;
  checkHeader(mapping, header, given.file);
  const plans = plansOf(mapping, given.definitions, header);
  const missing = new Set(mapping.missing);
  const [timeAt, stationAt] = [header.indexOf(mapping.time), header.indexOf(mapping.station.column)];
  const [fromAt, toAt] = [header.indexOf(mapping.from ?? ''), header.indexOf(mapping.to ?? '')];
  const [timeOf, fromOf, toOf] = [timeReader(mapping.zone), timeReader(mapping.zone), timeReader(mapping.zone)];

  const entryOf = (name: string) => {
    const entry = Object.hasOwn(mapping.station.map, name) ? mapping.station.map[name] : undefined;
    if (entry === undefined) throw new BadRow(`unknown station ${JSON.stringify(name)}`);
    return entry;
  };
  const windowOf = (cells: readonly string[]) => {
    const [from, to] = [fromOf(cells[fromAt] ?? ''), toOf(cells[toAt] ?? '')];
    if (to <= from) throw new BadRow('the window of the forecast ends before it begins');
    return { from, to };
  };
  const spanOf = (feed: Feed, station: string, time: number, cells: readonly string[]) => {
    if (feed === 'forecast') return { start: time, ...windowOf(cells) };
    return { start: startOf(time, mapping.period ?? catalog.stations.get(station)?.feeds[feed]?.period ?? 0) };
  };
  const readingsOf = (cells: readonly string[], complain: Complain): Reading[] => {
    if (cells.length !== header.length) throw new BadRow(`${cells.length} cells instead of ${header.length}`);
    const time = timeOf(cells[timeAt] ?? '') + mapping.offset;
    const entry = entryOf(cells[stationAt] ?? '');
    const readings: Reading[] = [];
    for (const plan of plans) {
      const station = idFor(entry, plan.feed);
      if (station === undefined) continue;
      const values = valuesOf(plan, cells, missing);
      const why = outside(plan, values);
      if (why) complain(why);
      else readings.push({ feed: plan.feed, station, time, ...spanOf(plan.feed, station, time, cells), values });
    }
    return readings;
  };
  return (cells, complain) => {
    try {
      return readingsOf(cells, complain);
    } catch (thrown) {
      if (!(thrown instanceof BadRow)) throw thrown;
      complain(thrown.message);
      return [];
    }
  };
};
