import { beijingDate } from '../core/time.ts';
import type { World } from './rule.ts';

/** Whether the day lies in one of the spans of dates (MM-DD) in which frost harms farming, both ends in it; what has no season is always in it. */
export const isInSeason = ({ season }: { readonly season?: 'frost' }, { settings, now }: World): boolean => {
  if (season === undefined) return true;
  const day = beijingDate(now).slice(5);
  return settings.response.frost_seasons.some(([from, to]) => day >= from && day <= to);
};
