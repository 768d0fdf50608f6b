import { DAY } from '../core/time.ts';
import type { Figure } from '../core/types.ts';

// Days of rain for sums that reach further back than memory holds readings: what `weather_day` says of each station's days.

/** What fell on a day, mm: all of it where `known`, else at least so much. */
export interface RainDay {
  readonly least: number;
  readonly known: boolean;
}

/** By station and the day's start. */
export type RainDays = Map<string, Map<number, RainDay>>;

/** Whether a figure says what fell on a day. */
export const isRainDay = ({ measurement }: Figure): boolean => measurement === 'weather_day';

/** undefined: the figure (any more) says nothing of rain. */
export const rainDayOf = ({ fields }: Figure): RainDay | undefined => {
  const { rain, rain_min: least } = fields as Record<string, number | undefined>;
  if (rain !== undefined) return { least: rain, known: true };
  return least === undefined ? undefined : { least, known: false };
};

/** Write editions of days; of each station those are kept that began at most `keep` days before its newest. */
export const takeRainDays = (rainDays: RainDays, figures: readonly Figure[], keep: number): void => {
  for (const figure of figures.filter(isRainDay)) {
    const days = rainDays.get(figure.station) ?? new Map<number, RainDay>();
    rainDays.set(figure.station, days);
    const day = rainDayOf(figure);
    if (day === undefined) days.delete(figure.start);
    else days.set(figure.start, day);
    const oldest = Math.max(...days.keys()) - keep * DAY;
    for (const start of days.keys()) if (start < oldest) days.delete(start);
  }
};
