import { ranking } from '../../standards/ranking-2014.ts';
import { compositeMeasure, goodMeasure, ratioMeasure } from './air-figures.ts';
import { airNotes } from './air-notes.ts';
import { type AirPlace, nameOf } from './air-places.ts';
import { monthCells, monthColumns, yearCells, yearColumns } from './compare.ts';
import type { Months } from './months.ts';
import { isInvalid, type Source, titleOf, townshipCell, wordOf } from './source.ts';
import { type Cell, type Column, figure, type Table, text } from './table.ts';

// 排名 by the composite index, the lowest first. What is below its minimum of data is not judged: it has no rank.

type Period = keyof Months;

const measured = ({ held }: AirPlace, period: Period): number | undefined => {
  const row = held[period];
  const value = row?.fields['composite'];
  return row === undefined || isInvalid(row, 'composite') ? undefined : (value as number | undefined);
};

const ranks = (places: readonly AirPlace[], period: Period): ReadonlyMap<string, number | undefined> =>
  new Map(ranking(places, (place) => measured(place, period)).map(({ entry, rank }) => [entry.id, rank]));

const columnsOf = ({ settings }: Source, place: Column, township: boolean): Column[] => [
  { zh: '名次', en: 'rank', width: 7 },
  place,
  ...(township ? [{ zh: '乡镇', en: 'township', width: 24 }] : []),
  ...monthColumns(compositeMeasure(settings)),
  { zh: '上年同月名次', en: 'rank a year before', width: 9 },
  { zh: '上月名次', en: 'rank the month before', width: 9 },
  { zh: '首要污染物', en: 'primary pollutant', width: 12 },
  ...monthColumns(goodMeasure(settings)),
  ...monthColumns(ratioMeasure(settings)),
  ...yearColumns(compositeMeasure(settings)),
  { zh: '累计名次', en: 'rank, year so far', width: 9 },
  { zh: '上年同期名次', en: 'rank, last year', width: 9 },
];

interface Kind {
  readonly id: string;
  readonly sheet: string;
  readonly zh: string;
  readonly en: string;
  readonly place: Column;
  readonly township: boolean;
}

const STATIONS: Kind = {
  id: 'air-ranking',
  sheet: '空气站点排名',
  zh: '空气站点排名',
  en: 'Ranking of air stations',
  place: { zh: '站点', en: 'station', width: 18 },
  township: true,
};

const TOWNSHIPS: Kind = {
  id: 'township-ranking',
  sheet: '乡镇空气排名',
  zh: '乡镇空气质量排名',
  en: 'Ranking of townships by air',
  place: { zh: '乡镇（示范区）', en: 'township or zone', width: 26 },
  township: false,
};

const tableOf = (source: Source, places: readonly AirPlace[], kind: Kind): Table => {
  const periods = ['month', 'lastYear', 'before', 'year', 'yearBefore'] as const;
  const rankOf = Object.fromEntries(periods.map((period) => [period, ranks(places, period)] as const));
  const rank = (place: AirPlace, period: Period): Cell =>
    figure(rankOf[period]!.get(place.id), 0, place.held[period]?.provisional);
  const row = (place: AirPlace): Cell[] => [
    rank(place, 'month'),
    text(nameOf(place)),
    ...(kind.township ? [townshipCell(source, place.township)] : []),
    ...monthCells(compositeMeasure(source.settings), place.held),
    rank(place, 'lastYear'),
    rank(place, 'before'),
    text(wordOf(place.held.month, 'primary')),
    ...monthCells(goodMeasure(source.settings), place.held),
    ...monthCells(ratioMeasure(source.settings), place.held),
    ...yearCells(compositeMeasure(source.settings), place.held),
    rank(place, 'year'),
    rank(place, 'yearBefore'),
  ];
  return {
    id: kind.id,
    sheet: kind.sheet,
    title: titleOf(source, kind.zh, kind.en),
    columns: columnsOf(source, kind.place, kind.township),
    rows: [...rankOf['month']!.keys()].map((id) => row(places.find((place) => place.id === id)!)),
    frozen: 2,
    notes: [
      {
        zh: '按综合指数从低到高排名，数值相同名次并列；数据量不足者不参加排名，列于最后。一个乡镇有多个站点时，取各站日均值的平均（HJ 663）。',
        en: 'The lowest composite index is the best; equal ones share a rank; what is below its minimum of data has none and comes last. A township of several stations: means of their days (HJ 663).',
      },
      ...airNotes(source),
    ],
  };
};

export const stationRanking = (source: Source, places: readonly AirPlace[]): Table => tableOf(source, places, STATIONS);

export const townshipRanking = (source: Source, places: readonly AirPlace[]): Table =>
  tableOf(source, places, TOWNSHIPS);
