import type { WaterClass } from '../../standards/gb3838-2002.ts';
import { roundHalfEven } from '../../standards/gbt8170.ts';
import { goodShare } from '../../standards/water-evaluation-2011.ts';
import { type Measure, periodCells, periodColumns, withoutYear } from './compare.ts';
import { type Held, type Source, type Stated, type Told, titleOf } from './source.ts';
import type { Table } from './table.ts';
import { classOf, isDoubtful, type Section, targetOf } from './water-class.ts';
import { waterNotes } from './water-notes.ts';

// What the sections say together: shares of classes, and of those that reach their target. Only classes that have their minimum of data
// count; one that has not makes the share doubtful no more than one that is missing.

interface Judged {
  readonly class: WaterClass;
  readonly target: number | undefined;
}

/** The classes of a month that count, and whether the month was over. */
interface Sections {
  readonly judged: readonly Judged[];
  readonly provisional: boolean;
}

const sectionsIn = (sections: readonly Section[], period: 'month' | 'lastYear' | 'before'): Sections => {
  const rows = sections.flatMap(({ station, held }) => {
    const row: Stated | undefined = held[period];
    return row === undefined ? [] : [{ row, target: targetOf(station) }];
  });
  const provisional = rows.some(({ row }) => row.provisional);
  const sound = rows.filter(({ row }) => !isDoubtful({ ...row, provisional: false }));
  return { judged: sound.map(({ row, target }) => ({ class: classOf(row)!, target })), provisional };
};

const share = (zh: string, en: string, of: (judged: readonly Judged[]) => number | undefined): Measure<Sections> => ({
  zh,
  en,
  unit: '%',
  decimals: 1,
  change: 'points',
  of: ({ judged, provisional }): Told | undefined => {
    const value = judged.length === 0 ? undefined : of(judged);
    return value === undefined ? undefined : { value: roundHalfEven(100 * value, 1), doubtful: provisional };
  },
});

const count: Measure<Sections> = {
  zh: '参评断面',
  en: 'sections that count',
  unit: '个',
  decimals: 0,
  change: 'sections',
  of: ({ judged, provisional }) => (judged.length === 0 ? undefined : { value: judged.length, doubtful: provisional }),
};

const reached = (judged: readonly Judged[]): number | undefined => {
  const aimed = judged.filter(({ target }) => target !== undefined);
  return aimed.length === 0 ? undefined : aimed.filter((one) => one.class <= one.target!).length / aimed.length;
};

const MEASURES: readonly Measure<Sections>[] = [
  count,
  share('Ⅰ～Ⅲ类（优良）断面比例', 'share of class I to III', (judged) => goodShare(judged.map((one) => one.class))),
  share(
    '劣Ⅴ类断面比例',
    'share of worse than V',
    (judged) => judged.filter((one) => one.class === 6).length / judged.length,
  ),
  share('断面达标率', 'share that reaches its target', reached),
];

export const sharesTable = (source: Source, sections: readonly Section[]): Table => {
  const held: Held<Sections> = {
    month: sectionsIn(sections, 'month'),
    lastYear: sectionsIn(sections, 'lastYear'),
    before: sectionsIn(sections, 'before'),
  };
  return {
    id: 'water-shares',
    sheet: '水质汇总',
    title: titleOf(source, '地表水水质汇总', 'Surface water, all sections'),
    columns: withoutYear(periodColumns(source.months)),
    rows: MEASURES.map((measure) => withoutYear(periodCells(measure, held))),
    frozen: 1,
    notes: waterNotes(source),
  };
};
