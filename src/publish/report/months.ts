import { monthName, monthStart } from '../../core/time.ts';
import type { Bilingual, Span } from '../../core/types.ts';

// The month of a report and what it is held against: the same month of last year (同比), the month before (环比), the year so far.

export interface Months {
  readonly month: Span;
  readonly lastYear: Span;
  readonly before: Span;
  /** 1 January to the month's end. */
  readonly year: Span;
  readonly yearBefore: Span;
}

const YEAR = 12;

/** Month of the Beijing month that holds the instant, moved by whole months. */
const monthAt = (instant: number, move = 0): Span => ({
  start: monthStart(instant, move),
  end: monthStart(instant, move + 1),
});

const januaryOf = ({ start }: Span): number => monthStart(start, 1 - Number(monthName(start).slice(5)));

export const monthsOf = (month: Span): Months => {
  const lastYear = monthAt(month.start, -YEAR);
  return {
    month,
    lastYear,
    before: monthAt(month.start, -1),
    year: { start: januaryOf(month), end: month.end },
    yearBefore: { start: januaryOf(lastYear), end: lastYear.end },
  };
};

/** The last month that is over. */
export const lastWholeMonth = (now: number): Span => monthAt(now, -1);

/** `2026-10`; undefined: not a month. */
export const parseMonth = (text: string): Span | undefined => {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return undefined;
  const start = Date.parse(`${text}-01T00:00:00+08:00`);
  return Number.isNaN(start) ? undefined : monthAt(start);
};

/** 2026年10月. */
export const monthTitle = ({ start }: Span): string => {
  const [year, month] = monthName(start).split('-');
  return `${year}年${Number(month)}月`;
};

/** 2026年1—10月, and 2026-01 to 2026-10. */
export const yearTitle = ({ start, end }: Span): Bilingual => {
  const [year, month] = monthName(end - 1).split('-');
  const zh = month === '01' ? `${year}年1月` : `${year}年1—${Number(month)}月`;
  return { zh, en: `${monthName(start)} to ${year}-${month}` };
};
