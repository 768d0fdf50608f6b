import { HOUR, isoUtc } from '../core/time.ts';
import type { Signal } from '../core/types.ts';
import { MEMBERS } from '../standards/weather-command-2021.ts';
import { EDITION, HAZARDS } from '../standards/weather-plan-2021.ts';
import { reportsDue } from './report-due.ts';
import type { Rule, Verdict, World } from './rule.ts';

// A response in force and a report that fell due and has not come: the signal names the units, and ends when the last of them has reported
// or the response has.

const KIND = 'report-late';
const RESPONSE = 'weather-response';

const nameOf = (unit: string, { catalog }: World): string =>
  MEMBERS[unit]?.zh ?? catalog.townships.find(({ id }) => id === unit)?.name.zh ?? unit;

const verdict = (subject: string, signal: Signal | undefined, world: World): Verdict => {
  const { reports: asked } = world.settings;
  const due = signal && reportsDue(signal, world.reports(signal.id), world.now, asked);
  const late = due?.late ?? [];
  const rank = late.length > 0 ? 1 : 0;
  const name = HAZARDS[subject]?.name ?? { zh: subject, en: subject };
  return {
    subject,
    least: rank,
    most: rank,
    title: { zh: `${name.zh}应急响应：报告逾期`, en: `${name.en} response: reports are late` },
    evidence: () =>
      due === undefined
        ? []
        : [
            {
              ...{ station: 'county', quantity: 'reports_late', value: late.length, unit: '个 units' },
              ...{ from: isoUtc(due.judged), to: isoUtc(world.now) },
            },
          ],
    lacking: late.map(
      (unit) => `${nameOf(unit, world)} ${unit}: 每${due!.every / HOUR}小时一报 a report every ${due!.every / HOUR} h`,
    ),
  };
};

export const reportLate: Rule = {
  kind: KIND,
  basis: { document: EDITION.document, clause: '3.4' },
  levels: [],
  signed: false,
  falls: 'at-once',
  feeds: [],
  evaluate: (world, trigger) => {
    if (trigger.kind !== 'tick') return [];
    const subjects = new Set([...world.inForce(RESPONSE), ...world.inForce(KIND)]);
    return [...subjects].map((subject) => {
      const signal = world.signal(RESPONSE, subject);
      return verdict(subject, signal?.in_force ? signal : undefined, world);
    });
  },
};
