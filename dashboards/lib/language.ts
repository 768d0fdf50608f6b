import type { Bilingual } from '../../src/core/types.ts';

export type Language = 'zh' | 'en';

export const LANGUAGES: readonly Language[] = ['zh', 'en'];

/** A text in the language of the dashboard that is being built. */
export type Say = (zh: string, en: string) => string;

export const sayIn =
  (language: Language): Say =>
  (zh, en) =>
    language === 'zh' ? zh : en;

/** The same for texts that stand elsewhere as a pair, in src/standards for instance. */
export const pick = (text: Bilingual, language: Language): string => text[language];
