import type { FeedDefinition, Payload } from './definition.ts';
import { formOf, moment, quantity } from './form.ts';

const quantities = {
  // The blank may weigh a little more than what fell (HJ 1221-2021: M = (W1 - Wa - Wc) / (S n) · 30 · 10⁴).
  dustfall: quantity('降尘量', 'Dustfall', 't/(km²·30d)', -10, 5000),
  gross: quantity('尘与坩埚质量 W1', 'Dust and crucible, W1', 'g', 0, 10_000, 'last'),
  tare: quantity('空坩埚质量 Wa', 'Empty crucible, Wa', 'g', 0, 10_000, 'last'),
  blank: quantity('试剂空白质量 Wc', 'Reagent blank, Wc', 'g', -10, 100, 'last'),
  area: quantity('集尘缸缸口面积 S', 'Mouth area of the jar, S', 'cm²', 1, 100_000, 'last'),
};

const WEIGHING = ['gross', 'tare', 'blank', 'area'] as const;

/** What a message lacks or has too much of: a month's dustfall, or a whole weighing with its exposure, not both. */
const wrongWith = ({ values, start, end }: Payload): string | undefined => {
  const weighed = WEIGHING.filter((key) => typeof values[key] === 'number');
  if (weighed.length === 0) return undefined;
  if (typeof values.dustfall === 'number') return 'either dustfall or a weighing, not both';
  if (weighed.length < WEIGHING.length) return 'a weighing needs gross, tare, blank and area';
  return start === undefined || end === undefined ? 'a weighing needs the start and end of its exposure' : undefined;
};

export const dustfall: FeedDefinition = {
  feed: 'dustfall',
  name: { zh: '降尘', en: 'Dustfall' },
  quantities,
  ...formOf(quantities, { start: moment.optional(), end: moment.optional() }, wrongWith),
};
