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
import { periodCells, periodColumns } from './compare.ts';
import { type Source, type Stated, titleOf, townshipCell, wordOf } from './source.ts';
import { type Cell, type Table, text } from './table.ts';
import { targetCells, targetNote } from './target.ts';

// 环境空气: the county, a row for each figure; its stations, a row for each.

/** What is given of every place. */
const placeMeasures = ({ settings }: Source) => [
  ...mainMeasures(settings),
  compositeMeasure(settings),
  goodMeasure(settings),
  daysMeasure(settings),
  ratioMeasure(settings),
  ...levelMeasures(settings),
];

const countyMeasures = (source: Source) => [
  ...placeMeasures(source),
  ...percentileMeasures(source.settings),
  ...singleMeasures(source.settings),
  dustMeasure(source.settings),
  ...dustlessMeasures(source.settings),
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

export const stationsTable = (source: Source, stations: readonly AirPlace[]): Table => ({
  id: 'air-stations',
  sheet: '空气站点',
  title: titleOf(source, '各站点环境空气质量', 'Ambient air of the stations'),
  columns: [
    { zh: '站点', en: 'station', width: 18 },
    { zh: '乡镇', en: 'township', width: 24 },
    ...periodColumns(source.months),
  ],
  rows: stations.flatMap((place) =>
    placeMeasures(source).map((measure) => [
      text(nameOf(place)),
      townshipCell(source, place.township),
      ...periodCells(measure, place.held),
    ]),
  ),
  frozen: 3,
  notes: airNotes(source),
});
