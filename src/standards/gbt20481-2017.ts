// GB/T 20481-2017 气象干旱等级: grades of the composite index MCI. The index itself comes measured.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: 'GB/T 20481-2017',
  title: { zh: '气象干旱等级', en: 'Grades of meteorological drought' },
  from: null,
  to: null,
  doubts: [
    'grades as the code of two climate services has them, which agree; the text was not at hand; no setting: a boundary is the grade’s definition',
    'first day in force; no setting: the index comes measured',
  ],
} as const satisfies Edition;

/** 重旱: MCI at or below this, and above that of 特旱. */
export const SEVERE_DROUGHT = -1.5;

/** 特旱: MCI at or below this. */
export const EXTREME_DROUGHT = -2;
