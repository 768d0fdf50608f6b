import type { Scenario } from '../scenario.ts';

/** Ordinary days: no rain, no limit exceeded, every station well. */
export const calm: Scenario = {
  name: 'calm',
  title: { zh: '平稳', en: 'Ordinary days' },
  effects: () => ({}),
};
