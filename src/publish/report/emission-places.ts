import type { Enterprise } from '../../core/catalog.ts';
import { dailyCompliance, type Hours, heldHours, hoursOf, type Summary } from './emission-hours.ts';
import { type Held, placesOf, rowsOf, type Source, type Told } from './source.ts';

export interface EmissionPlace {
  readonly enterprise: Enterprise;
  /** Undefined: the enterprise as a whole. */
  readonly outlet: Hours['outlet'] | undefined;
  readonly held: Held<Summary>;
  /** 达标率 of each day of the month, by the day's start, 0 to 1. */
  readonly days: ReadonlyMap<number, Told>;
}

export const placeName = ({ enterprise, outlet }: EmissionPlace): string => outlet?.name.zh ?? enterprise.name.zh;

/** Each enterprise that has outlets, then those; the hours of one enterprise are in memory at a time. */
export const emissionPlaces = (source: Source): EmissionPlace[] => {
  const { month } = source.months;
  const outlets = placesOf(
    source,
    'emission',
    ({ id }) => rowsOf(source, 'emission_compliance', month, { outlet: id }).length > 0,
  );
  return [...source.catalog.enterprises.values()].flatMap((enterprise) => {
    const all = outlets
      .filter((outlet) => outlet.enterprise === enterprise.id)
      .map((outlet) => hoursOf(source, outlet));
    if (all.length === 0) return [];
    const place = (outlet: Hours['outlet'] | undefined, hours: readonly Hours[]): EmissionPlace => ({
      enterprise,
      outlet,
      held: heldHours(source, hours),
      days: dailyCompliance(source, hours),
    });
    return [place(undefined, all), ...all.map((hours) => place(hours.outlet, [hours]))];
  });
};
