import { monthName } from '../../core/time.ts';
import type { Bilingual } from '../../core/types.ts';
import type { Source } from './source.ts';

// What whoever makes a report should know of it: feeds that have nothing in the month, places that the catalog does not have.

const FEEDS = [
  { measurement: 'air_month', tag: 'station', zh: '空气', en: 'air' },
  { measurement: 'dustfall_month', tag: 'station', zh: '降尘', en: 'dustfall' },
  { measurement: 'water_month', tag: 'station', zh: '水质', en: 'water' },
  { measurement: 'emission_compliance_day', tag: 'outlet', zh: '排放', en: 'emission' },
] as const;

const placesIn = ({ reader, catalog, months: { month } }: Source, measurement: string, tag: string): Set<string> => {
  const rows = reader.read({
    measurement,
    tags: { county: catalog.county.code },
    from: month.start,
    to: month.end,
  });
  return new Set(rows.map(({ tags }) => tags[tag] ?? ''));
};

const unknownOf = ({ catalog }: Source, places: ReadonlySet<string>): string[] =>
  [...places].filter((place) => place !== 'county' && !catalog.stations.has(place)).sort();

/** One text for each thing that a report leaves out or does not have. */
export const remarksOf = (source: Source): Bilingual[] => {
  const month = monthName(source.months.month.start);
  const provisional =
    source.months.month.end > source.now
      ? [{ zh: `${month} 尚未结束，数值均为暂定`, en: `${month} is not over: every figure of it is provisional` }]
      : [];
  const found = FEEDS.flatMap(({ measurement, tag, zh, en }) => {
    const places = placesIn(source, measurement, tag);
    const unknown = unknownOf(source, places);
    const none = { zh: `${month} 没有${zh}数据`, en: `nothing of ${en} in ${month}` };
    const left = {
      zh: `${zh}：目录中没有 ${unknown.join(' ')}，未列入`,
      en: `${en}: left out, the catalog does not have ${unknown.join(' ')}`,
    };
    return [...(places.size === 0 ? [none] : []), ...(unknown.length > 0 ? [left] : [])];
  });
  return [...provisional, ...found];
};
