import type { Edition } from '../../src/standards/edition.ts';
import type { Language } from './language.ts';

/** A document as a reader looks it up: by its number in Chinese, by its title in English. */
export const cited = ({ document, title }: Pick<Edition, 'document' | 'title'>, language: Language): string =>
  language === 'zh' ? document : `the ${title.en.charAt(0).toLowerCase()}${title.en.slice(1)}`;
