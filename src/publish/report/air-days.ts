import { DAY, isoBeijing } from '../../core/time.ts';
import { AQI_LEVELS } from '../../standards/aqi-levels.ts';
import { editionAt } from '../../standards/hj633.ts';
import { type AirPlace, nameOf } from './air-places.ts';
import { DOUBTFUL_NOTE } from './notes.ts';
import { rowsOf, type Source, type Stated, titleOf, told, wordOf } from './source.ts';
import { type Cell, type Table, text } from './table.ts';

// AQI 日历: a row for each day of the month, in the official colours of the levels.

type Days = ReadonlyMap<number, Stated>;

const daysOf = (source: Source, { id }: AirPlace): Days =>
  new Map(
    rowsOf(source, 'aqi_day', source.months.month, { station: id }).map(({ time, fields }) => [
      time,
      { span: { start: time, end: time + DAY }, fields, provisional: time + DAY > source.now },
    ]),
  );

const levelOf = (row: Stated | undefined) => AQI_LEVELS[Number(row?.fields['level']) - 1];

const aqiCell = (row: Stated | undefined): Cell => {
  const one = told(row, 'aqi');
  return { value: one?.value, doubtful: one?.doubtful, fill: levelOf(row)?.colour.hex };
};

const countyCells = (row: Stated | undefined): Cell[] => {
  const level = levelOf(row);
  return [aqiCell(row), text(level && `${level.name.zh} ${level.name.en}`), text(wordOf(row, 'primary'))];
};

const notesOf = ({ months }: Source) => {
  const colours = (language: 'zh' | 'en') =>
    AQI_LEVELS.map(({ roman, level, name, colour }) =>
      language === 'zh' ? `${roman}（${name.zh}）${colour.zh}` : `${level} ${name.en}, ${colour.en}`,
    );
  const { standard } = editionAt(months.month.start);
  return [
    {
      zh: `AQI、级别、首要污染物与颜色：${standard}。${colours('zh').join('；')}。首要污染物：AQI 大于 50 时分指数最高的项目。`,
      en: `AQI, levels, primary pollutants and colours: ${standard}. ${colours('en').join('; ')}. Primary pollutant: of the highest index where AQI is above 50.`,
    },
    DOUBTFUL_NOTE,
  ];
};

export const calendarTable = (source: Source, county: AirPlace, stations: readonly AirPlace[]): Table => {
  const { month } = source.months;
  const days = Array.from({ length: Math.round((month.end - month.start) / DAY) }, (_, at) => month.start + at * DAY);
  const [own, others] = [daysOf(source, county), stations.map((station) => daysOf(source, station))];
  return {
    id: 'air-days',
    sheet: 'AQI日历',
    title: titleOf(source, ' AQI 日历', 'AQI of each day'),
    columns: [
      { zh: '日期', en: 'date', width: 12 },
      { zh: '全县 AQI', en: 'county', width: 10 },
      { zh: '级别', en: 'level', width: 28 },
      { zh: '首要污染物', en: 'primary pollutant', width: 14 },
      ...stations.map((place) => ({ zh: nameOf(place), en: place.name.en, width: 10 })),
    ],
    rows: days.map((start) => [
      text(isoBeijing(start).slice(0, 10)),
      ...countyCells(own.get(start)),
      ...others.map((each) => aqiCell(each.get(start))),
    ]),
    frozen: 1,
    notes: notesOf(source),
  };
};
