import { DAY, HOUR, isoBeijing, MINUTE } from '../../core/time.ts';
import type { Bilingual } from '../../core/types.ts';
import { roundHalfEven } from '../../standards/gbt8170.ts';
import { EDITION as TRANSFER } from '../../standards/hj212-2017.ts';
import { EDITION as MARKING } from '../../standards/marking-rules-2022.ts';
import { type Measure, periodCells, periodColumns } from './compare.ts';
import type { Summary } from './emission-hours.ts';
import { type EmissionPlace, placeName } from './emission-places.ts';
import { CHANGE_NOTE, DOUBTFUL_NOTE } from './notes.ts';
import { type Source, type Told, titleOf } from './source.ts';
import { type Cell, figure, type Table, text } from './table.ts';

// 固定污染源: enterprises and their outlets, a row for each figure; and the compliance of each day.

const RATE = 2;
const percent = (share: number): number => roundHalfEven(100 * share, RATE);

type Row = Measure<Summary>;

const rate = (zh: string, en: string, of: (from: Summary) => number | undefined): Row => ({
  zh,
  en,
  unit: '%',
  decimals: RATE,
  change: 'points',
  of: (from): Told | undefined => {
    const value = of(from);
    return value === undefined ? undefined : { value: percent(value), doubtful: from.doubtful };
  },
});

const hours = (zh: string, en: string, decimals: number, of: (from: Summary) => number | undefined): Row => ({
  zh,
  en,
  unit: '小时',
  decimals,
  change: 'hours',
  of: (from): Told | undefined => {
    const value = of(from);
    return value === undefined ? undefined : { value: roundHalfEven(value, decimals), doubtful: from.doubtful };
  },
});

/** Of hours that came at all: without any nothing is known of the plant. */
const stateHours = (zh: string, en: string, state: string): Row =>
  hours(zh, en, 1, (from) =>
    from.hours === 0 ? undefined : ((from.minutes[`minutes_${state}`] ?? 0) * MINUTE) / HOUR,
  );

const MEASURES: readonly Row[] = [
  rate('达标率', 'compliance', ({ compliance }) => compliance),
  hours('判定小时', 'hours judged', 0, ({ judged }) => judged),
  hours('超标小时', 'hours above a limit', 0, (from) => (from.judged === 0 ? undefined : from.exceeded)),
  rate('数据传输率', 'transfer of data', ({ transfer }) => transfer),
  stateHours('运行', 'running', 'running'),
  stateHours('启动', 'starting', 'starting'),
  stateHours('停机过程', 'stopping', 'stopping'),
  stateHours('停运', 'stopped', 'stopped'),
  stateHours('故障', 'fault', 'fault'),
  stateHours('校准维护', 'calibration', 'calibration'),
];

/** Enterprise, outlet. */
const placeCells = (place: EmissionPlace): Cell[] => [
  { value: place.enterprise.name.zh, bold: place.outlet === undefined },
  { value: place.outlet?.name.zh ?? '全厂 all outlets', bold: place.outlet === undefined },
];

const PLACE_COLUMNS = [
  { zh: '企业', en: 'enterprise', width: 36 },
  { zh: '排口', en: 'outlet', width: 18 },
];

export const emissionNotes = ({ settings }: Source): Bilingual[] => [
  {
    zh: `折算浓度、小时均值（${settings.emission.hour_minutes}分钟）：${TRANSFER.document} 附录D；超标：小时折算浓度高于排污许可证限值，恰为限值即达标；启停等时段不判定：${MARKING.document}（emission.exempt_statuses）。`,
    en: `Converted concentration and hours (${settings.emission.hour_minutes} minutes): ${TRANSFER.document} Appendix D; above: an hour's converted mean above the permit's limit, at it is within; starting, stopping, stopped are not judged: ${MARKING.document}.`,
  },
  {
    zh: '达标率：达标小时/判定小时；数据传输率：实收/应收，每小时至多按1计，无数据的小时应收而未收，自库内该排口首个小时起计；企业为其全部排口合计；该时段开始时库内尚无该排口数据的，存疑。',
    en: 'Compliance: judged hours within the limits over hours judged. Transfer: received over due, no hour for more than whole, an hour without data is due, from the first hour of the outlet in the store on. An enterprise: all its outlets together. Doubtful where the store has not yet an outlet when the period begins.',
  },
  CHANGE_NOTE,
  DOUBTFUL_NOTE,
];

export const complianceTable = (source: Source, places: readonly EmissionPlace[]): Table => ({
  id: 'emission',
  sheet: '排放达标',
  title: titleOf(source, '固定污染源排放达标情况', 'Compliance of enterprises and outlets'),
  columns: [...PLACE_COLUMNS, ...periodColumns(source.months)],
  rows: places.flatMap((place) =>
    MEASURES.map((measure) => [...placeCells(place), ...periodCells(measure, place.held)]),
  ),
  frozen: 3,
  notes: emissionNotes(source),
});

const RED = '#FFC7CE';

/** 逐日达标率: a column for each day; below 100 % is red. */
export const daysTable = (source: Source, places: readonly EmissionPlace[]): Table => {
  const { month } = source.months;
  const days = Array.from({ length: Math.round((month.end - month.start) / DAY) }, (_, at) => month.start + at * DAY);
  const cell = (one: Told | undefined): Cell => ({
    ...figure(one && percent(one.value), RATE, one?.doubtful),
    ...(one !== undefined && one.value < 1 ? { fill: RED } : {}),
  });
  return {
    id: 'emission-days',
    sheet: '逐日达标率',
    title: titleOf(source, '固定污染源逐日达标率（%）', 'Compliance of each day, %'),
    columns: [
      { zh: '日期', en: 'date', width: 12 },
      ...places.map((place) => ({
        zh: place.outlet === undefined ? placeName(place) : `${place.enterprise.name.zh} ${placeName(place)}`,
        en: place.outlet?.name.en ?? place.enterprise.name.en,
        width: 16,
      })),
    ],
    rows: days.map((start) => [
      text(isoBeijing(start).slice(0, 10)),
      ...places.map(({ days: own }) => cell(own.get(start))),
    ]),
    frozen: 1,
    notes: emissionNotes(source),
  };
};
