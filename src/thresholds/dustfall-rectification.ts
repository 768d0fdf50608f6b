import { monthName } from '../core/time.ts';
import type { Figure } from '../core/types.ts';
import { EDITION, RECTIFICATION_CLAUSE } from '../standards/air-action-plan-2021.ts';
import { countyMonths, dustfallEvidence, lackingPoints } from './dustfall.ts';
import type { Rule, Verdict, World } from './rule.ts';

// 降尘专项整治: the month's highest point above 9 t/(km²·30d), as rounded to 0.1. Exactly 9.0 does not raise.

const verdict = (figure: Figure, world: World): Verdict => {
  const limit = world.settings.dustfall.rectification_above;
  const points = world.dustfallPoints(figure.start);
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
        .filter(({ fields }) => (rank > 0 ? Number(fields['dustfall']) > limit : fields['dustfall'] === max))
        .flatMap((point) => dustfallEvidence(point, 'dustfall', 'dustfall')),
    lacking: max === undefined ? lackingPoints([], world) : [],
  };
};

export const dustfallRectification: Rule = {
  kind: 'dustfall-rectification',
  basis: { document: EDITION.document, clause: RECTIFICATION_CLAUSE },
  levels: [],
  signed: false,
  falls: 'at-once',
  feeds: ['dustfall'],
  evaluate: (world, trigger) => countyMonths(trigger).map((figure) => verdict(figure, world)),
};
