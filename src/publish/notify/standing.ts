import type { Bilingual, Signal } from '../../core/types.ts';
import { isEnded } from '../../signals/life.ts';
import { ROLES, type Role } from '../../signals/roles.ts';
import { AGREES, CLAUSES, SIGNS } from '../../standards/weather-command-2021.ts';
import type { Level } from '../../standards/weather-plan-2021.ts';
import { levelName } from '../warning.ts';

// How a signal stands, in words that no one can take for an order: proposal, agreed, signed; and who decides.

export interface Standing {
  /** One or two words in brackets before everything else. */
  readonly tag: Bilingual;
  /** A sentence. */
  readonly says: Bilingual;
}

const standing = (tagZh: string, tagEn: string, zh: string, en: string): Standing => ({
  tag: { zh: tagZh, en: tagEn },
  says: { zh, en },
});

const roleOf = (role: Role): Bilingual => ROLES[role];

/** What was signed goes on beside what is proposed. */
const stillInForce = ({ in_force, level }: Signal): Bilingual => {
  if (!in_force || in_force.level === level) return { zh: '', en: '' };
  const name = levelName(in_force.level);
  return { zh: `已签署的${name.zh}仍然有效。`, en: ` What was signed (${name.en}) stays in force.` };
};

const response = (signal: Signal): Standing => {
  const { state, level, in_force } = signal;
  const signer = SIGNS[level as Level] ?? AGREES;
  const clause = `沁政办发〔2021〕19号 ${CLAUSES[level as Level] ?? '3.4'}`;
  const [signs, agrees] = [roleOf(signer), roleOf(AGREES)];
  const still = stillInForce(signal);
  switch (state) {
    case 'proposed': {
      const who =
        signer === AGREES
          ? { zh: `由${signs.zh}决定并签署`, en: `the ${signs.en} decides and signs` }
          : {
              zh: `由${agrees.zh}决定是否同意，同意后由${signs.zh}签署`,
              en: `the ${agrees.en} agrees or not, then signs: ${signs.en}`,
            };
      const tag = in_force ? ['建议调整', 'Change proposed'] : ['建议', 'Proposed'];
      return standing(
        tag[0]!,
        tag[1]!,
        `这是建议，不是命令，尚未生效：${who.zh}（${clause}）。${still.zh}`,
        `A proposal, no order, not in force: ${who.en}.${still.en}`,
      );
    }
    case 'agreed':
      return standing(
        '已同意',
        'Agreed',
        `${agrees.zh}已同意，尚未生效：待${signs.zh}签署（${clause}）。${still.zh}`,
        `The ${agrees.en} has agreed; not in force until signed by: ${signs.en}.${still.en}`,
      );
    case 'active':
      return standing(
        '已签署生效',
        'In force',
        `${signs.zh}已签署，现已生效（${clause}）。`,
        `Signed by: ${signs.en}; in force.`,
      );
    case 'lift-proposed': {
      const before = in_force
        ? { zh: '响应仍然有效', en: 'the response stays in force' }
        : { zh: '响应尚未签署', en: 'the response was not signed' };
      return standing(
        '建议解除',
        'End proposed',
        `${before.zh}；是否解除由${agrees.zh}决定（沁政办发〔2021〕19号 3.8）。`,
        `A proposal: ${before.en}; the ${agrees.en} decides whether it ends.`,
      );
    }
    case 'lifted':
      return standing(
        '已解除',
        'Lifted',
        `${agrees.zh}已同意解除（沁政办发〔2021〕19号 3.8）。`,
        `Lifted by the ${agrees.en}.`,
      );
    case 'lapsed':
      return standing(
        '建议失效',
        'Lapsed',
        '条件已不满足，未经签署，从未生效。',
        'Its condition ended before anyone signed; it never was in force.',
      );
  }
};

const warning = (signal: Signal): Standing => {
  const still = stillInForce(signal);
  const who = { zh: '由气象台站决定并签发（中国气象局令第16号）', en: 'the meteorological station issues it or not' };
  switch (signal.state) {
    case 'proposed':
    case 'agreed':
      return standing(
        '建议签发',
        'Proposed',
        `这是建议，尚未签发、未生效：${who.zh}。${still.zh}`,
        `A proposal, not issued: ${who.en}.${still.en}`,
      );
    case 'active':
      return standing(
        '已签发生效',
        'Issued',
        '气象台站已签发，现已生效。',
        'Issued by the meteorological station; in force.',
      );
    case 'lift-proposed':
      return standing(
        '建议解除',
        'End proposed',
        '预警信号仍然有效；是否解除由气象台站决定。',
        'It stays in force; the meteorological station decides whether it ends.',
      );
    case 'lifted':
      return standing('已解除', 'Lifted', '气象台站已解除。', 'Ended by the meteorological station.');
    case 'lapsed':
      return standing(
        '建议失效',
        'Lapsed',
        '条件已不满足，未经签发，从未生效。',
        'Its condition ended before it was issued; it never was in force.',
      );
  }
};

const STAGES: Readonly<Record<string, Bilingual>> = {
  bulletin: { zh: '已通报', en: 'bulletin issued' },
  campaign: { zh: '整治中', en: 'campaign under way' },
  closed: { zh: '已办结', en: 'closed' },
};

const rectification = ({ state, stage }: Signal): Standing => {
  const now = stage === undefined ? { zh: '尚未通报', en: 'no bulletin yet' } : STAGES[stage]!;
  if (state === 'active')
    return standing(
      '文件要求',
      'Ordered by the document',
      `由生态环境局通报、整治并办结；${now.zh}。`,
      `For the ecology bureau to carry out; ${now.en}.`,
    );
  return stage === 'closed'
    ? standing('已办结', 'Closed', '生态环境局已办结。', 'Closed by the ecology bureau.')
    : standing('已解除', 'Lifted', '当月数据修订后已不超标。', 'A revision took the month within its limit.');
};

/** Kinds that no one signs here, and who decides on what follows. */
const DECIDED_ELSEWHERE: Readonly<Record<string, Bilingual>> = {
  'heavy-pollution': {
    zh: '自动判定，不是已发布的预警：是否发布、如何响应，由有权机关按预案决定。',
    en: 'Worked out, not an issued warning: whether it is issued is for the authority that the plan names.',
  },
  'geological-risk': {
    zh: '自动判定，不是已发布的预警：是否发布由自然资源局会同气象台站决定。',
    en: 'Worked out, not an issued warning: the bureau of natural resources and the observatory decide.',
  },
};

const worked = (signal: Signal): Standing => {
  if (isEnded(signal)) return standing('已恢复', 'Over', '条件已不满足，自动解除。', 'Its condition has ended.');
  const says = DECIDED_ELSEWHERE[signal.kind] ?? {
    zh: '自动判定，请核实处理。',
    en: 'Worked out; please look into it.',
  };
  return { tag: { zh: '提示', en: 'Notice' }, says };
};

const BY_KIND: Readonly<Record<string, (signal: Signal) => Standing>> = {
  'weather-response': response,
  'warning-signal': warning,
  'dustfall-rectification': rectification,
};

export const standingOf = (signal: Signal): Standing => (BY_KIND[signal.kind] ?? worked)(signal);
