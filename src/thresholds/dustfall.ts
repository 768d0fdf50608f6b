import { stationsOf } from '../core/catalog.ts';
import { isoUtc } from '../core/time.ts';
import type { Evidence, Figure } from '../core/types.ts';
import type { Trigger, World } from './rule.ts';

// What the two rules of dustfall have in common: the campaign looks at the month's highest point, the assessment at the county's mean.

/** The county's months that an event wrote: a reading, or the tick that makes a mean final. */
export const countyMonths = ({ figures }: Trigger): Figure[] =>
  figures.filter(({ measurement, station }) => measurement === 'dustfall_month' && station === 'county');

/** A field of a month's figure as evidence. */
export const dustfallEvidence = (
  { station, fields, start, end }: Figure,
  field: string,
  quantity: string,
): Evidence[] => {
  const value = fields[field] as number | undefined;
  if (value === undefined) return [];
  return [{ station, quantity, value, unit: 't/(km²·30d)', from: isoUtc(start), to: isoUtc(end) }];
};

/** Points in service that a month lacks, by name. */
export const lackingPoints = (points: readonly Figure[], { catalog }: World): string[] => {
  const missing = stationsOf(catalog, 'dustfall').filter(({ id }) => !points.some(({ station }) => station === id));
  const names = points.length === 0 ? ['全部点位 (all points)'] : missing.map(({ name }) => name.zh);
  return names.length === 0 ? [] : [`降尘量 (dustfall): ${names.join(' ')}`];
};
