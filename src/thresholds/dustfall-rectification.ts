import { isoUtc, monthName } from '../core/time.ts';
import type { Figure } from '../core/types.ts';
import { DOCUMENT, RECTIFICATION_CLAUSE } from '../standards/air-action-plan-2021.ts';
import type { Rule, Verdict, World } from './rule.ts';

// 降尘专项整治: the month's highest point above 9 t/(km²·30d), as rounded to 0.1. Exactly 9.0 does not raise.

const dustfallOf = ({ fields }: Figure): number => fields['dustfall'] as number;

const verdict = (figure: Figure, points: readonly Figure[], world: World): Verdict => {
  const limit = world.settings.dustfall.rectification_above;
  const max = figure.fields['max'] as number | undefined;
  const rank = max !== undefined && max > limit ? 1 : 0;
  const month = monthName(figure.start);
  return {
    subject: month,
    least: rank,
    most: max === undefined ? 1 : rank,
    title: { zh: `${month} 降尘专项整治`, en: `Dustfall rectification campaign for ${month}` },
    // The points above the limit; once none is, the highest of all.
    evidence: (rank) =>
      points
        .filter((point) => (rank > 0 ? dustfallOf(point) > limit : dustfallOf(point) === max))
        .map((point) => ({
          station: point.station,
          quantity: 'dustfall',
          value: dustfallOf(point),
          unit: 't/(km²·30d)',
          from: isoUtc(point.start),
          to: isoUtc(point.end),
        })),
    lacking: max === undefined ? ['降尘量 (dustfall): 全部点位 (all points)'] : [],
  };
};

export const dustfallRectification: Rule = {
  kind: 'dustfall-rectification',
  basis: { document: DOCUMENT, clause: RECTIFICATION_CLAUSE },
  levels: [],
  signed: false,
  falls: 'at-once',
  evaluate: (world, trigger) => {
    if (trigger.kind !== 'reading' || trigger.reading.feed !== 'dustfall') return [];
    return trigger.figures
      .filter((figure) => figure.measurement === 'dustfall_month' && figure.station === 'county')
      .map((figure) => verdict(figure, world.dustfallPoints(figure.start), world));
  },
};
