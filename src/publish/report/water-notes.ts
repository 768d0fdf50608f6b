import type { Bilingual } from '../../core/types.ts';
import { EDITION as TABLE } from '../../standards/gb3838-2002.ts';
import { EDITION as EVALUATION } from '../../standards/water-evaluation-2011.ts';
import { EDITION as STATISTICS } from '../../standards/water-statistics-2020.ts';
import { CHANGE_NOTE, DOUBTFUL_NOTE } from './notes.ts';
import type { Source } from './source.ts';
import { itemName } from './water-class.ts';

export const waterNotes = ({ settings }: Source): Bilingual[] => {
  const required = settings.water.required_items;
  return [
    {
      zh: `类别：${TABLE.document} 表1，${EVALUATION.document} 单因子评价（先平均后评价，21项，不含水温、总氮、粪大肠菌群）；主要污染指标：超Ⅲ类项目，最多三项；均值：${STATISTICS.document}。`,
      en: `Class: ${TABLE.document} Table 1 and ${EVALUATION.document}, the worst of 21 items, averages first; main pollutants: over class III, at most three; means: ${STATISTICS.document}.`,
    },
    {
      zh: `缺少 ${required.map(itemName).join('、')} 之一时类别存疑（water.required_items），不与目标比较。`,
      en: `Without one of ${required.join(', ')} a class is doubtful (water.required_items) and not held against the target.`,
    },
    CHANGE_NOTE,
    DOUBTFUL_NOTE,
  ];
};
