import {
  compositeMeasure,
  daysMeasure,
  dustlessMeasures,
  dustMeasure,
  goodMeasure,
  levelMeasures,
  mainMeasures,
  percentileMeasures,
  ratioMeasure,
  singleMeasures,
} from './air-figures.ts';
import { airNotes, dustNote } from './air-notes.ts';
import { type AirPlace, nameOf } from './air-places.ts';
import { monthCells, monthColumns, periodCells, periodColumns, yearCells, yearColumns } from './compare.ts';
import { type Source, type Stated, titleOf, townshipCell, wordOf } from './source.ts';
import { type Cell, type Table, text } from './table.ts';
import { targetCells, targetNote } from './target.ts';

// 环境空气: the county, a row for each figure; its stations, a row for each.

const countyMeasures = ({ settings }: Source) => [
  ...mainMeasures(settings),
  compositeMeasure(settings),
  goodMeasure,
  daysMeasure,
  ratioMeasure(settings),
  ...levelMeasures,
  ...percentileMeasures(settings),
  ...singleMeasures(settings),
  dustMeasure,
  ...dustlessMeasures(settings),
];

/** A row of words in place of figures: they have no changes. */
const primaryCells = ({ held }: AirPlace): Cell[] => {
  const word = (row: Stated | undefined): Cell => text(wordOf(row, 'primary'));
  const none = text(undefined);
  return [
    ...[text('首要污染物 primary pollutant'), none],
    ...[word(held.month), word(held.lastYear), none, word(held.before), none],
    ...[word(held.year), word(held.yearBefore), none, none],
  ];
};

export const countyTable = (source: Source, county: AirPlace): Table => ({
  id: 'air',
  sheet: '空气质量',
  title: titleOf(source, '环境空气质量', 'Ambient air of the county'),
  columns: periodColumns(source.months),
  rows: [
    ...countyMeasures(source).map((measure) => periodCells(measure, county.held)),
    primaryCells(county),
    ...targetCells(source, county),
  ],
  frozen: 1,
  notes: [...targetNote(source, county), ...airNotes(source), ...dustNote(source)],
});

export const stationsTable = (source: Source, places: readonly AirPlace[]): Table => {
  const { settings } = source;
  const measures = [...mainMeasures(settings), compositeMeasure(settings), goodMeasure, ratioMeasure(settings)];
  const yearly = [compositeMeasure(settings), goodMeasure, ratioMeasure(settings)];
  return {
    id: 'air-stations',
    sheet: '空气站点',
    title: titleOf(source, '环境空气质量（全县与各站点）', 'Ambient air, county and stations'),
    columns: [
      { zh: '站点', en: 'station', width: 18 },
      { zh: '乡镇', en: 'township', width: 14 },
      ...measures.flatMap((measure) => monthColumns(measure)),
      ...levelMeasures.flatMap((measure) => monthColumns(measure, measure.fill)),
      ...yearly.flatMap(yearColumns),
    ],
    rows: places.map((place) => [
      text(nameOf(place)),
      townshipCell(source, place.township),
      ...[...measures, ...levelMeasures].flatMap((measure) => monthCells(measure, place.held)),
      ...yearly.flatMap((measure) => yearCells(measure, place.held)),
    ]),
    frozen: 1,
    notes: airNotes(source),
  };
};
