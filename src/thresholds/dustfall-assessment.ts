import type { Settings } from '../config/schema.ts';
import { monthName } from '../core/time.ts';
import type { Figure } from '../core/types.ts';
import * as autumnWinter from '../standards/autumn-winter-plan-2021.ts';
import * as blueSky from '../standards/blue-sky-plan-2018.ts';
import * as bulletin from '../standards/dustfall-bulletin.ts';
import { countyMonths, dustfallEvidence, lackingPoints } from './dustfall.ts';
import type { Rule, Verdict, World } from './rule.ts';

// 降尘考核 of the province: the month's mean of the county's points, to 0.1, above the limit in force in that month. At the limit
// complies. A provisional mean decides nothing; the highest point is the campaign's business (dustfall-rectification), not this.

const DOCUMENTS = [blueSky, autumnWinter, bulletin];
const CLAUSE = '降尘量';

interface Assessment {
  readonly document: string;
  /** t/(km²·30d). */
  readonly limit: number;
}

/** What a month (YYYY-MM) is assessed by: the settings, else the document in force; undefined before there was any. */
export const assessmentOf = (month: string, { dustfall }: Settings): Assessment | undefined => {
  const { assessment_limit: limit, assessment_document: document } = dustfall;
  if (limit !== undefined && document !== undefined) return { limit, document };
  const found = DOCUMENTS.findLast(({ EDITION }) => EDITION.from <= `${month}-01`);
  return found && { limit: found.DUSTFALL_LIMIT, document: found.EDITION.document };
};

const verdict = (figure: Figure, world: World): Verdict[] => {
  const month = monthName(figure.start);
  const assessment = assessmentOf(month, world.settings);
  if (assessment === undefined) return [];
  const mean = figure.invalid?.includes('mean') ? undefined : (figure.fields['mean'] as number | undefined);
  const rank = mean !== undefined && mean > assessment.limit ? 1 : 0;
  return [
    {
      subject: month,
      least: rank,
      most: mean === undefined ? 1 : rank,
      title: { zh: `${month} 降尘量考核超标`, en: `Dustfall of ${month} above its assessment limit` },
      basis: { document: assessment.document, clause: CLAUSE },
      // The mean decides; the highest and the lowest point stand beside it, as in the bulletins.
      evidence: () => ['mean', 'max', 'min'].flatMap((field) => dustfallEvidence(figure, field, `dustfall_${field}`)),
      lacking: mean === undefined ? lackingPoints(world.dustfallPoints(figure.start), world) : [],
    },
  ];
};

export const dustfallAssessment: Rule = {
  kind: 'dustfall-assessment',
  basis: { document: bulletin.EDITION.document, clause: CLAUSE },
  levels: [],
  signed: false,
  falls: 'at-once',
  feeds: ['dustfall'],
  evaluate: (world, trigger) => countyMonths(trigger).flatMap((figure) => verdict(figure, world)),
};
