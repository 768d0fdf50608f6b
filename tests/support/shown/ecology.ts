import { DAY, HOUR } from '../../../src/core/time.ts';
import type { Row } from '../../../src/store/port.ts';
import type { County } from '../county.ts';
import { catalogued, type Expected, lastly, onMap, type Shown, shown } from './rows.ts';

const KINDS = ['dustfall-rectification', 'dustfall-assessment', 'heavy-pollution', 'water-section', 'emission'];

const isCounty = ({ tags }: Row): boolean => tags['station'] === 'county';
const isStation = (row: Row): boolean => !isCounty(row);
const period =
  (name: string) =>
  ({ tags }: Row): boolean =>
    tags['period'] === name;

/** Signals in force, out of the register of signals: what the middle itself holds. */
const inForce = ({ pipeline }: County): Shown[] =>
  [...pipeline.state().signals.values()]
    .filter(({ kind, state }) => KINDS.includes(kind) && state !== 'lifted' && state !== 'lapsed')
    .map(({ subject, title, level, state }) => ({
      subject,
      title: title.zh,
      level: level ?? undefined,
      state,
    }));

/** What each panel of the ecology bureau has to show, by its title. */
export const ECOLOGY: Readonly<Record<string, Expected>> = {
  '全县 AQI 现在': async (county, range) => ({
    A: await shown(county, 'aqi_hour', lastly(range, 3 * HOUR), { columns: ['aqi'], where: isCounty, newest: true }),
  }),
  '首要污染物 现在': async (county, range) => ({
    A: await shown(county, 'aqi_hour', lastly(range, 3 * HOUR), {
      columns: ['aqi', 'primary'],
      where: isCounty,
      newest: true,
    }),
  }),
  '昨日 AQI': async (county, range) => ({
    A: await shown(county, 'aqi_day', lastly(range, 2 * DAY), { columns: ['aqi'], where: isCounty, newest: true }),
  }),
  生效的预警与超标: async (county) => ({ A: inForce(county) }),
  '各站 AQI 现在': async (county, range) => ({
    A: await shown(county, 'aqi_hour', lastly(range, 3 * HOUR), {
      tag: 'station',
      columns: ['aqi'],
      where: isStation,
      newest: true,
    }),
    P: onMap(county),
  }),
  '各站小时 AQI': async (county, range) => ({
    A: await shown(county, 'aqi_hour', range, { tag: 'station', columns: ['aqi'], where: isStation }),
    P: catalogued(county),
  }),
  全县小时浓度: async (county, range) => ({
    A: await shown(county, 'air_hour', range, {
      columns: { 'PM2.5': 'pm25', PM10: 'pm10', O3: 'o3', NO2: 'no2', SO2: 'so2', CO: 'co' },
      where: (row) => isCounty(row) && row.fields['valid'] === true,
    }),
  }),
  今年优良天数与目标: async (county, range) => ({
    A: await shown(county, 'air_year', lastly(range, 366 * DAY), {
      columns: ['good', 'target', 'needed', 'days_left', 'days', 'good_ratio', 'composite'],
      where: isCounty,
      newest: true,
    }),
  }),
  近一年首要污染物天数: async (county, range) => ({
    A: await shown(county, 'aqi_day', lastly(range, 366 * DAY), {
      columns: ['primary', 'aqi'],
      where: (row) => isCounty(row) && Number(row.fields['aqi'] ?? 0) > 50,
    }),
  }),
  '年历：每日 AQI': async (county, range) => ({
    A: await shown(county, 'aqi_day', lastly(range, 366 * DAY), { columns: ['aqi'], where: isCounty }),
  }),
  各月空气质量: async (county, range) => ({
    A: await shown(county, 'air_month', lastly(range, 400 * DAY), {
      columns: [
        ...['composite', 'primary', 'good', 'days', 'good_ratio'],
        ...['pm25', 'pm10', 'o3_p90', 'no2', 'so2', 'co_p95', 'valid'],
      ],
      where: isCounty,
    }),
  }),
  各点位月降尘量: async (county, range) => ({
    A: await shown(county, 'dustfall_month', lastly(range, 400 * DAY), {
      tag: 'station',
      columns: ['dustfall'],
      where: isStation,
    }),
    P: catalogued(county),
  }),
  全县月降尘量: async (county, range) => ({
    A: await shown(county, 'dustfall_month', lastly(range, 400 * DAY), {
      columns: ['max', 'mean', 'min', 'count', 'valid'],
      where: isCounty,
    }),
  }),
  降尘专项整治: async (county, range) => ({
    A: await shown(county, 'signal', lastly(range, 400 * DAY), {
      tag: 'subject',
      columns: ['state', 'version'],
      where: ({ tags }) => tags['kind'] === 'dustfall-rectification',
      newest: true,
    }),
  }),
  断面月类别与目标: async (county, range) => ({
    A: await shown(county, 'water_class', lastly(range, 70 * DAY), {
      tag: 'station',
      columns: ['class', 'defining', 'main', 'valid'],
      where: period('month'),
      newest: true,
    }),
    P: catalogued(county, {
      target: (id) => {
        const { target } = county.catalog.stations.get(id) ?? {};
        return target === undefined ? undefined : ['I', 'II', 'III', 'IV', 'V'].indexOf(target) + 1;
      },
    }),
  }),
  断面每日类别: async (county, range) => ({
    A: await shown(county, 'water_class', lastly(range, 40 * DAY), {
      tag: 'station',
      columns: ['class'],
      where: period('day'),
    }),
    P: catalogued(county),
  }),
  排口小时达标情况: async (county, range) => ({
    A: await shown(county, 'emission_compliance', range, {
      tag: 'outlet',
      columns: ['exceeded'],
      where: ({ fields }) => fields['judged'] === true,
    }),
    P: catalogued(county),
  }),
  超标小时: async (county, range) => ({
    A: await shown(county, 'emission_compliance', range, {
      tag: 'outlet',
      columns: ['pm', 'so2', 'nox'].flatMap((item) => [`converted_${item}`, `limit_${item}`, `multiple_${item}`]),
      // By its own arithmetic, not by the flag that the query asks for.
      where: ({ fields }) =>
        ['pm', 'so2', 'nox'].some((item) => Number(fields[`converted_${item}`]) > Number(fields[`limit_${item}`])),
    }),
    P: catalogued(county, {
      enterprise: (id) => {
        const { enterprise } = county.catalog.stations.get(id) ?? {};
        return county.catalog.enterprises.get(enterprise ?? '')?.name.zh;
      },
    }),
  }),
};
