import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { ecology } from './ecology.ts';
import { enterprise } from './enterprise.ts';
import type { Language } from './lib/language.ts';
import { meteorology } from './meteorology.ts';
import { operations } from './operations.ts';

/** Every dashboard, by the name of its file. */
export const DASHBOARDS: Readonly<Record<string, (language: Language) => Dashboard>> = {
  ecology,
  meteorology,
  enterprise,
  operations,
};
