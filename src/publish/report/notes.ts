import type { Bilingual } from '../../core/types.ts';
import { NOTHING } from './table.ts';

// What is said under more than one table.

export const DOUBTFUL_NOTE: Bilingual = {
  zh: `* 灰色斜体：数据量低于所列文件的最低要求，或该时段尚未结束，仅供参考。${NOTHING} 无数据（不等于零）。`,
  en: `* grey, slanted: below the minimum of data of the documents named here, or the period is not over. ${NOTHING} nothing there, which is not zero.`,
};

export const CHANGE_NOTE: Bilingual = {
  zh: '同比：与上年同月（同期）相比；环比：与上月相比；均由修约后的数值计算（GB/T 8170-2008）。',
  en: 'Year on year: against the same month or months of last year. Both changes are between the figures as given, rounded by GB/T 8170-2008.',
};

export const SIMULATED_NOTE: Bilingual = {
  zh: '模拟数据，不是监测结果。',
  en: 'Simulated data, nothing of it was measured.',
};
