import { DAY, dayStart, HOUR } from '../../../src/core/time.ts';
import type { Row } from '../../../src/store/port.ts';
import type { County } from '../county.ts';
import { catalogued, type Expected, lastly, onMap, type Range, type Shown, shown, withTownship } from './rows.ts';

/** Signals of a kind in force, out of the register of signals: what the middle itself holds. */
const inForce = ({ pipeline }: County, wanted: string): Shown[] =>
  [...pipeline.state().signals.values()]
    .filter(({ kind, state }) => kind === wanted && state !== 'lifted' && state !== 'lapsed')
    .map(({ subject, title, level, state }) => ({ subject, title: title.zh, level, state }));

const changes = async (county: County, { from, to }: Range, kind: string): Promise<Shown[]> =>
  shown(
    county,
    'signal',
    { from: from - 30 * DAY + 1, to },
    {
      tag: 'subject',
      columns: ['rank'],
      where: ({ tags }) => tags['kind'] === kind,
    },
  );

const isForTownship = ({ tags }: Row): boolean => tags['window'] === 'PT24H' && tags['station'] !== 'county';
const isOfWeather = ({ tags }: Row): boolean => tags['feed'] === 'weather';

/** The newest state of each weather station of the last hour. */
const states = async (county: County, range: Range): Promise<Shown[]> =>
  shown(county, 'station_status', lastly(range, HOUR), {
    tag: 'station',
    columns: ['online', 'age'],
    where: isOfWeather,
    newest: true,
  });

/** Start of the weather day that holds an instant. */
const dayOf = (time: number): number => dayStart(time, 20 * HOUR);

/** The mean of the values of each weather day, at its start. */
const dailyMeans = (rows: readonly { time: number; rain: number }[]): Shown[] =>
  [...Map.groupBy(rows, ({ time }) => dayOf(time))].map(([time, group]) => ({
    time,
    rain: group.reduce((sum, { rain }) => sum + rain, 0) / group.length,
  }));

/** Of each township and weather day the forecast that came first. */
const firstOfDays = (rows: readonly Row[]): Row[] => {
  const first = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.tags['station']} ${dayOf(row.time)}`;
    if (!first.has(key)) first.set(key, row);
  }
  return [...first.values()];
};

const rainOf = (rows: readonly Row[]): { time: number; rain: number }[] =>
  rows.flatMap(({ time, fields }) => (fields['rain'] === undefined ? [] : [{ time, rain: Number(fields['rain']) }]));

const readLast = async (county: County, measurement: string, range: Range): Promise<readonly Row[]> =>
  county.read({ measurement, from: range.from, to: range.to + 1 });

/** What each panel of the meteorological station has to show, by its title. */
export const METEOROLOGY: Readonly<Record<string, Expected>> = {
  应急响应: async (county) => ({ A: inForce(county, 'weather-response') }),
  预警信号建议: async (county) => ({ A: inForce(county, 'warning-signal') }),
  在报气象站: async (county, range) => ({
    A: [{ stations: (await states(county, range)).filter(({ online }) => online === true).length }],
    B: [
      { stations: [...county.catalog.stations.values()].filter(({ feeds, active }) => feeds.weather && active).length },
    ],
  }),
  各乡镇雨量: async (county, range) => ({
    A: await shown(county, 'rain_rolling', lastly(range, 2 * HOUR), {
      tag: 'station',
      columns: ['h1_min', 'h3_min', 'h6_min', 'h12_min', 'h24_min', 'h24'],
      newest: true,
    }),
    P: withTownship(county),
  }),
  '24 小时雨量分布': async (county, range) => ({
    A: await shown(county, 'rain_rolling', lastly(range, 2 * HOUR), {
      tag: 'station',
      columns: { rain: 'h24_min' },
      newest: true,
    }),
    P: onMap(county),
  }),
  '24 小时滑动雨量': async (county, range) => ({
    A: await shown(county, 'rain_rolling', range, { tag: 'station', columns: ['h24_min'] }),
    P: catalogued(county),
  }),
  小时雨量: async (county, range) => ({
    A: await shown(county, 'weather_hour', range, { tag: 'station', columns: ['rain'] }),
    P: catalogued(county),
  }),
  各灾种响应级别: async (county, range) => ({ A: await changes(county, range, 'weather-response') }),
  各预警信号级别: async (county, range) => ({ A: await changes(county, range, 'warning-signal') }),
  '各乡镇最新预报（24 小时）': async (county, range) => ({
    A: await shown(county, 'forecast', lastly(range, 12 * HOUR), {
      tag: 'station',
      columns: [
        ...['rain', 'rain_1h_max', 'temperature_max', 'temperature_min'],
        ...['wind_force', 'gust_force', 'visibility'],
      ],
      where: isForTownship,
      newest: true,
    }),
    P: catalogued(county),
  }),
  '预报与实况：日雨量': async (county, range) => {
    const forecasts = (await readLast(county, 'forecast', lastly(range, 30 * DAY))).filter(isForTownship);
    return {
      A: dailyMeans(rainOf(firstOfDays(forecasts))),
      B: dailyMeans(rainOf(await readLast(county, 'weather_day', lastly(range, 30 * DAY)))),
    };
  },
  现在无数据的气象站: async (county, range) => ({
    A: (await states(county, range)).filter(({ online }) => online === false).map(({ online, ...row }) => row),
    P: withTownship(county),
  }),
  各气象站在报情况: async (county, range) => ({
    A: await shown(county, 'station_status', range, { tag: 'station', columns: ['online'], where: isOfWeather }),
    P: catalogued(county),
  }),
};
