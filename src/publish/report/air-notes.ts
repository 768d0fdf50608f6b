import type { Bilingual } from '../../core/types.ts';
import { limitsAt } from '../../standards/gb3095.ts';
import { editionAt } from '../../standards/hj633.ts';
import { EDITION as HJ663_2013 } from '../../standards/hj663-2013.ts';
import { EDITION as HJ663_2026 } from '../../standards/hj663-2026.ts';
import { EDITION as RANKING } from '../../standards/ranking-2014.ts';
import { CHANGE_NOTE, DOUBTFUL_NOTE } from './notes.ts';
import type { Source } from './source.ts';

// Documents and clauses of the figures of air, by the month's date.

const evaluationAt = (start: number): string =>
  start >= Date.parse(`${HJ663_2026.from}T00:00:00+08:00`) ? HJ663_2026.document : HJ663_2013.document;

export const airNotes = ({ months, settings }: Source): Bilingual[] => {
  const { start } = months.month;
  const { month_days, month_days_february } = settings.air;
  const [hj663, gb3095, hj633] = [evaluationAt(start), limitsAt(start, 2).document, editionAt(start).standard];
  const pm = settings.air.ranking_limits === '2012' ? 'GB 3095-2012' : 'GB 3095-2026（过渡期 transition）';
  return [
    {
      zh: `均值、百分位数：${hj663} 附录A；数据有效性：${gb3095} 6.4 表4（每月${month_days}天、二月${month_days_february}天）；AQI 与级别：${hj633}；优良天数：AQI≤100，有AQI的天数也按此要求。`,
      en: `Means, percentiles: ${hj663} Annex A; minimum of data: ${gb3095} 6.4 Table 4 (${month_days} days of a month, ${month_days_february} of February; of days with an AQI too); AQI and levels: ${hj633}; good days: AQI of 100 or less.`,
    },
    {
      zh: `综合指数：${RANKING.document}，各项浓度与二级标准年均值（CO 24小时、O3 8小时）之比的和，颗粒物限值取 ${pm}（air.ranking_limits）。`,
      en: `Composite index: ${RANKING.document}, the sum of each item over its annual limit of class 2 (CO: 24 h, O3: 8 h), particles by ${pm}.`,
    },
    CHANGE_NOTE,
    DOUBTFUL_NOTE,
  ];
};

/** Which days were taken for dust days. */
export const dustNote = ({ catalog, months }: Source): Bilingual[] => {
  const days = [...catalog.dustDays].sort();
  const within = days.filter((date) => {
    const time = Date.parse(`${date}T00:00:00+08:00`);
    return time >= months.year.start && time < months.year.end;
  });
  const words = within.length === 0 ? { zh: '无', en: 'none' } : { zh: within.join('、'), en: within.join(', ') };
  return [
    {
      zh: `本年列入名单的沙尘天（县目录 dust_days）：${words.zh}。没有沙尘天的时段，剔除前后数值相同。`,
      en: `Dust days of the year on the list of the catalog (dust_days): ${words.en}. Where a period has none, its figure without them is the figure.`,
    },
  ];
};
