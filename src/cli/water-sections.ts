import type { Settings } from '../config/schema.ts';
import { conditionsFor } from '../processors/water.ts';
import { classNameOf, type WaterBody } from '../standards/gb3838-2002.ts';
import {
  evaluateRiver,
  evaluateSection,
  goodShare,
  meansOfItems,
  type WaterValues,
} from '../standards/water-evaluation-2011.ts';
import type { CellsOf } from './calculator.ts';

// What a table says of its sections together: of each month the share of class I to III, and the grade of the river that its
// river sections are of (环办〔2011〕22号). Several samples of a section in a month are averaged first. Only where a column names the
// sections, and for a table of a size that a county has.

const MOST = 20_000;

interface Section {
  readonly body: WaterBody;
  readonly samples: WaterValues[];
}

export interface Sections {
  /** Keep the values of a row. */
  keep(cell: CellsOf, values: WaterValues, body: WaterBody): void;
  /** A line for each month of several sections. */
  summary(): string[];
}

/** The month of a time as it is written, 2026-07-05 or 2026/7/5; what is no such is taken as the name of a period. */
const monthOf = (time: string): string => {
  const [, year, month] = /^(\d{4})[-/](\d{1,2})(?:$|\D)/.exec(time) ?? [];
  return year === undefined ? time : `${year}-${String(month).padStart(2, '0')}`;
};

const riverText = (rivers: readonly WaterValues[], settings: Settings): string[] => {
  const river = evaluateRiver(rivers, conditionsFor('river', settings), settings.water.ph_mean);
  if (river === undefined || rivers.length < 2) return [];
  const grade = `河流 river (${rivers.length}): ${river.grade.zh} ${river.grade.en}`;
  const byMeans = river.class === undefined ? '' : `, 均值 by means ${classNameOf(river.class)}`;
  const main = river.main.length === 0 ? '' : `, 主要污染指标 main ${river.main.join(';')}`;
  return [`${grade}${byMeans}${main}`];
};

const monthText = (month: string, sections: readonly Section[], settings: Settings): string => {
  const means = sections.map(({ body, samples }) => ({ body, values: meansOfItems(samples, settings.water.ph_mean) }));
  const classes = means.map(({ body, values }) => evaluateSection(values, conditionsFor(body, settings))!.class);
  const rivers = means.filter(({ body }) => body === 'river').map(({ values }) => values);
  const share = `I-III ${(goodShare(classes) * 100).toFixed(1)} %`;
  const parts = [`${sections.length} 断面 sections`, share, ...riverText(rivers, settings)];
  return `${month === '' ? '全部 all' : month}: ${parts.join(', ')}`;
};

export const createSections = (settings: Settings): Sections => {
  const months = new Map<string, Map<string, Section>>();
  let rows = 0;
  return {
    keep: (cell, values, body) => {
      rows += cell('station') === '' ? 0 : 1;
      if (cell('station') === '' || rows > MOST) return;
      const month = monthOf(cell('time'));
      const sections = months.get(month) ?? new Map<string, Section>();
      months.set(month, sections);
      const section = sections.get(cell('station')) ?? { body, samples: [] };
      sections.set(cell('station'), section);
      section.samples.push(values);
    },
    summary: () => {
      if (rows > MOST) return [`汇总从略 no summary of more than ${MOST} rows`];
      const several = [...months].filter(([, sections]) => sections.size > 1).sort(([a], [b]) => (a < b ? -1 : 1));
      return several.map(([month, sections]) => monthText(month, [...sections.values()], settings));
    },
  };
};
