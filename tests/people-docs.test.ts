// docs/people.md against the code, both ways; and what it has readers do, done.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, test } from 'vitest';
import { settingsSchema } from '../src/config/schema.ts';
import type { Signal, SignalState } from '../src/core/types.ts';
import { PROBLEMS } from '../src/server/problems.ts';
import { type Decision, isRefusal, REFUSALS, type Situation } from '../src/signals/decision.ts';
import { COLUMNS } from '../src/signals/ledger.ts';
import { BOUND, MEMBER_OF, ROLES, type Role } from '../src/signals/roles.ts';
import { nextSteps, STEP_TABLES, takeStep } from '../src/signals/steps.ts';
import { CLAUSES, DUTY, REPORTS_A_DAY, SENT, SIGNS } from '../src/standards/weather-command-2021.ts';
import { LEVELS } from '../src/standards/weather-plan-2021.ts';
import { rules } from '../src/thresholds/index.ts';
import { lantian } from './support/command.ts';
import { lantianChild } from './support/lantian.ts';
import { tempFolder } from './support/servers.ts';
import { rowsOf } from './support/tables.ts';

const text = readFileSync('docs/people.md', 'utf8');

const namesIn = (cell: string): string[] => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!);
const plain = (cell: string): string => cell.replaceAll('`', '');
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

const COUNTY = '140430';
const settings = settingsSchema.parse({});
const SINCE = '2026-07-20T00:00:00.000Z';
const LATER = { station: 'county', quantity: 'dustfall', value: 7, unit: 't/(km²·30d)', from: SINCE, to: SINCE };
const STATES: readonly SignalState[] = ['proposed', 'agreed', 'active', 'lift-proposed', 'lifted', 'lapsed'];
const STAGES = [undefined, 'bulletin', 'campaign'] as const;

const ruleOf = (kind: string) => rules.find((rule) => rule.kind === kind)!;

/** A signal of every state, level and stage that the kind may have, with and without something signed. */
const everySignal = (kind: string): Signal[] => {
  const { levels, basis } = ruleOf(kind);
  const subject = kind === 'dustfall-rectification' ? '2026-06' : 'gale';
  const id = `${COUNTY}/${kind}/${subject}/${SINCE}`;
  const about = { county: COUNTY, kind, subject, since: SINCE, at: SINCE, title: { zh: subject, en: subject }, basis };
  const bare = { id, version: 3, ...about, evidence: [], lacking: [] };
  if (levels.length === 0)
    return (['active', 'lifted'] as const).flatMap((state) =>
      STAGES.map((stage) => ({ ...bare, level: null, state, ...(stage && { stage }) })),
    );
  return STATES.flatMap((state) =>
    levels.flatMap((level) =>
      [null, { level: levels[0]!, since: SINCE }, { level: levels.at(-1)!, since: SINCE }].map((in_force) => ({
        ...bare,
        level,
        state,
        in_force,
      })),
    ),
  );
};

const situationOf = (current: Signal): Situation => ({
  ...{ current, rule: ruleOf(current.kind), subject: current.subject, county: COUNTY, settings },
  ...{ verdict: undefined, townships: new Set(['guocun']), later: LATER, at: Date.parse(SINCE) + 60_000 },
});

/** States and stages that a signal moves to. */
const movesOf = (before: Signal, after: Signal): string[] => [
  ...(after.stage !== undefined && after.stage !== before.stage ? [after.stage] : []),
  ...(after.state === before.state ? [] : [after.state]),
];

/** What a step does, tried on every signal there may be. */
const triedOf = (kind: string, step: string) => {
  const open = everySignal(kind).flatMap((signal) =>
    nextSteps(signal)
      .filter((next) => next.step === step)
      .map(({ roles }) => ({ signal, roles })),
  );
  const moves = open.flatMap(({ signal, roles }) => {
    const levels = step === 'judge' ? [null, ...ruleOf(kind).levels] : [signal.level];
    return levels.flatMap((level) => {
      const person = { name: '某', role: roles[0]! };
      const decision: Decision = { person, signal: signal.id, step, level, reason: '会商', unit: 'meteorology' };
      const taken = takeStep(decision, situationOf(step === 'judge' ? { ...signal, judged: signal.level! } : signal));
      return isRefusal(taken) ? [] : movesOf(signal, taken.at(-1)!.signal);
    });
  });
  return { open, moves };
};

/** Cells of the states, or stages, that a step is taken from. */
const fromOf = (open: readonly { signal: Signal }[], hasLevels: boolean): string[] =>
  hasLevels
    ? [...open.map(({ signal }) => signal.state), ...(open.every(({ signal }) => signal.in_force) ? ['in_force'] : [])]
    : open.flatMap(({ signal: { stage } }) => stage ?? []);

/** The step needs what it is refused without. */
const needsOf = (kind: string, step: string): string[] => {
  const { signal, roles } = triedOf(kind, step).open[0]!;
  const [other] = ruleOf(kind).levels.filter((level) => level !== signal.level);
  const current = step === 'judge' ? { ...signal, judged: other! } : signal;
  const decision: Decision = {
    ...{ person: { name: '某', role: roles[0]! }, signal: signal.id, step, level: signal.level, reason: '会商' },
    unit: 'meteorology',
  };
  const without = (key: 'level' | 'reason'): boolean => {
    const taken = takeStep({ ...decision, [key]: undefined }, situationOf(current));
    return isRefusal(taken) && taken.refused === 'bad-step';
  };
  return (['level', 'reason'] as const).filter(without);
};

const partOf = (kind: string): string => text.split(`\n### ${kind} `)[1]!.split('\n#')[0]!;

test('the kinds that it has steps of are those that people decide on', () => {
  const steps = text.split('\n## Steps')[1]!.split('\n## ')[0]!;
  expect([...steps.matchAll(/^### ([\w-]+) /gm)].map(([, kind]) => kind)).toEqual(Object.keys(STEP_TABLES));
});

test.each(Object.entries(STEP_TABLES))(
  'the steps of %s: each with who, from where, what it makes and needs',
  (kind, table) => {
    const rows = rowsOf(partOf(kind), 'step');
    expect(rows.map(([step]) => plain(step!))).toEqual(Object.keys(table));
    const hasLevels = ruleOf(kind).levels.length > 0;
    for (const [cell, zh, who, from, makes, needs, clause] of rows) {
      const step = plain(cell!);
      const { open, moves } = triedOf(kind, step);
      expect(zh).toMatch(/^\p{Script=Han}+$/u);
      expect(clause).not.toBe('');
      expect([step, sorted(namesIn(who!))]).toEqual([step, sorted(open.flatMap(({ roles }) => roles))]);
      expect(sorted(namesIn(who!))).toEqual(sorted(table[step as 'judge']!.roles));
      expect([step, sorted(namesIn(from!))]).toEqual([step, sorted(fromOf(open, hasLevels))]);
      expect([step, sorted(namesIn(makes!))]).toEqual([step, sorted(moves)]);
      expect([step, namesIn(needs!)]).toEqual([step, needsOf(kind, step)]);
      expect([step, from!.startsWith('–'), makes === '–']).toEqual([
        step,
        !hasLevels && open.some(({ signal }) => signal.stage === undefined),
        moves.length === 0,
      ]);
    }
  },
);

test('a response is signed as its level has it, also before the commander agreed', () => {
  const row = rowsOf(partOf('weather-response'), 'step').find(([step]) => step === '`sign`')!;
  expect(plain(row[2]!)).toBe(`IV ${SIGNS.IV}, III ${SIGNS.III}, II and I ${SIGNS.II}`);
  const { open } = triedOf('weather-response', 'sign');
  const proposed = open.filter(({ signal }) => signal.state === 'proposed').map(({ signal }) => signal.level!);
  expect(sorted(proposed)).toEqual(['I', 'II']);
});

test('the levels: who signs, reports, duty, who is sent', () => {
  expect(rowsOf(text, 'level')).toEqual(
    LEVELS.map((level) => [
      `\`${level}\``,
      `\`${SIGNS[level]}\``,
      ROLES[SIGNS[level]].zh,
      String(REPORTS_A_DAY[level]),
      DUTY[level].zh,
      SENT[level]?.zh ?? '–',
      CLAUSES[level],
    ]),
  );
});

test('the roles, and for whom those that are of the command report', () => {
  expect(rowsOf(text, 'role')).toEqual(
    (Object.keys(ROLES) as Role[]).map((role) => [
      `\`${role}\``,
      ROLES[role].zh,
      ROLES[role].en,
      BOUND.includes(role) ? '`--unit`' : '',
    ]),
  );
  const reports = text.split('\n## Reports')[1]!.split('\n## ')[0]!;
  const said = [...reports.matchAll(/`([\w-]+)` of `([\w-]+)`/g)].map(([, member, role]) => [role, member]);
  expect(Object.fromEntries(said)).toEqual(MEMBER_OF);
});

test('the refusals, each with its status', () => {
  const rows = rowsOf(text, 'refusal').map(([code, status]) => [plain(code!), Number(status)] as const);
  expect(rows.map(([code]) => code).sort()).toEqual([...REFUSALS].sort());
  for (const [code, status] of rows) expect([code, status]).toEqual([code, PROBLEMS[code as 'bad-step']]);
});

test('the columns of the ledger, in the order in which they are hashed', () => {
  expect(rowsOf(text, 'column').map(([name]) => plain(name!))).toEqual([...COLUMNS]);
});

const blockOf = (language: string): string => text.split(`\n\`\`\`${language}\n`)[1]!.split('\n```')[0]!;
const run = promisify(execFile);

it('its commands take a response from judgement to end, and its script works out the chain that audit has', async () => {
  const child = await lantianChild();
  await child.start();
  const here = blockOf('sh')
    .replaceAll('http://127.0.0.1:8080', child.http)
    .replaceAll('npx lantian', 'lantian')
    .replace(
      /^/,
      `lantian() { "${process.execPath}" --disable-warning=ExperimentalWarning src/cli.ts "$@" --config "${child.config}"; }\n`,
    );
  const { stdout } = await run('bash', ['-euc', here]);
  const lines = stdout.trim().split('\n');
  const states = lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line).now.state] : []));
  expect(states).toEqual(['proposed', 'agreed', 'active', 'active', 'lift-proposed', 'lifted']);
  const [entries, head] = lines.at(-1)!.split('\t');
  expect(entries).toBe('6');

  const printed = (await lantian('audit', '--print', '--config', child.config)).stdout;
  const script = join(tempFolder('chain'), 'chain.mjs');
  writeFileSync(script, blockOf('js'));
  const verify = async (input: string): Promise<string> => {
    const running = run(process.execPath, [script]);
    running.child.stdin!.end(input);
    return (await running).stdout.trim();
  };
  expect(await verify(printed)).toBe(head);
  await expect(verify(printed.replace('会商：', '会商:'))).rejects.toThrow('entry 5');
}, 180_000);
