import { isoBeijing } from '../../core/time.ts';
import type { Bilingual, Signal, SignalState } from '../../core/types.ts';
import type { Version } from '../../signals/history.ts';
import type { LedgerRow } from '../../signals/ledger.ts';
import { isEnded } from '../../signals/life.ts';
import { isRole, ROLES } from '../../signals/roles.ts';
import { DUTY, REPORTS_A_DAY, SENT, SIGNS } from '../../standards/weather-command-2021.ts';
import { type Measure, measuresFor, NONE_NAMED } from '../../standards/weather-measures-2021.ts';
import type { Level } from '../../standards/weather-plan-2021.ts';
import type { Publisher } from '../cap.ts';
import { senderName } from '../cap.ts';
import { SIMULATED_NOTE } from '../report/notes.ts';
import { NOTHING } from '../report/table.ts';
import { type Fact, factsOf, levelName } from '../warning.ts';
import { both, type Html, heading, headings, html, pageOf, paragraph, signatures } from './html.ts';

// 响应命令 of a weather response, once it is signed, and before that a proposal: level, since when, why township by township, who does what,
// each step with its time and who took it, what is lacking. Seals are put in by hand.

const STATES: Readonly<Record<SignalState, Bilingual>> = {
  proposed: { zh: '建议启动，待同意', en: 'proposed' },
  agreed: { zh: '已同意，待签署', en: 'agreed, to be signed' },
  active: { zh: '已签署，生效', en: 'signed, in force' },
  'lift-proposed': { zh: '建议解除', en: 'end proposed' },
  lifted: { zh: '已解除', en: 'lifted' },
  lapsed: { zh: '条件消失，建议失效', en: 'lapsed' },
};

/** Who signs a level (沁政办发〔2021〕19号, 3.4.1 to 3.4.4). */
const signerOf = ({ in_force, level }: Signal): Bilingual => {
  const { zh, en } = ROLES[SIGNS[(in_force?.level ?? level) as Level]] ?? { zh: '签发', en: 'signed' };
  return { zh: `${zh}签署`, en };
};

/** Steps that make a version; a report and who is sent leave it as it is. */
const CHANGES: readonly string[] = ['judge', 'agree', 'sign', 'propose-lift', 'lift'];

const beijing = (iso: string): string => isoBeijing(Date.parse(iso)).slice(0, 16).replace('T', ' ');

const row = (name: Bilingual, text: Html): Html =>
  html`<tr><th scope="row">${[both(name)]}</th><td class="id">${[text]}</td></tr>\n`;

const plain = (text: string): Html => html`${text}`;

const standing = (signal: Signal): Html => {
  const { level, in_force, basis, state, id, version } = signal;
  const force = in_force
    ? `${levelName(in_force.level).zh}（${levelName(in_force.level).en}），自 ${beijing(in_force.since)} 起`
    : '无 none';
  return html`<table><tbody>${[
    row({ zh: '级别', en: 'level' }, plain(`${levelName(level).zh}（${levelName(level).en}）`)),
    row({ zh: '状态', en: 'state' }, both(STATES[state])),
    row({ zh: '生效级别', en: 'in force' }, plain(force)),
    row(
      { zh: '信号起始', en: 'since' },
      plain(`${beijing(signal.since)}（本版 version ${version}：${beijing(signal.at)}）`),
    ),
    row({ zh: '依据', en: 'document' }, plain(`${basis.document} ${basis.clause}`)),
    row({ zh: '编号', en: 'id' }, plain(id)),
  ]}</tbody></table>`;
};

const factLine = ({ quantity, value, unit, span }: Fact): Html =>
  html`<div>${quantity.zh.replace(/^预报/, '')} ${value} ${unit} <span class="span">${span}</span><span lang="en">${quantity.en}</span></div>`;

/** A row a township: what was measured there, and what is expected. */
const evidenceRow = (facts: readonly Fact[]): Html => {
  const [ahead, there] = [true, false].map((forecast) =>
    facts.filter((one) => one.forecast === forecast).map(factLine),
  );
  const cell = (lines: readonly Html[]): Html => html`<td>${lines.length === 0 ? NOTHING : lines}</td>`;
  return html`<tr><th scope="row">${[both(facts[0]!.place)]}</th>${[cell(there!), cell(ahead!)]}</tr>\n`;
};

const evidenceTable = (signal: Signal, { catalog }: Publisher): Html => {
  const places = Map.groupBy(factsOf(signal, catalog), ({ place }) => place.zh);
  if (places.size === 0) return paragraph({ zh: '无数据依据（由人研判）。', en: 'No data: a person’s judgement.' });
  const head = headings([
    { zh: '乡镇（区）', en: 'township' },
    { zh: '实况（北京时间）', en: 'observed, Beijing time' },
    { zh: '预报（北京时间）', en: 'forecast, Beijing time' },
  ]);
  return html`<table>${[head]}<tbody>${[...places.values()].map(evidenceRow)}</tbody></table>`;
};

const measureRow = ({ department, items }: Measure): Html =>
  html`<tr><th scope="row">${[both(department)]}</th><td><ul>${items.map((item) => html`<li>${[both(item)]}</li>`)}</ul></td></tr>\n`;

/** Of the level in force, and of the one proposed where that is another. */
const measuresOf = (signal: Signal): Html[] => {
  const levels = [...new Set([signal.in_force?.level, signal.level])].filter((level) => typeof level === 'string');
  return levels.flatMap((level) => {
    const measures = measuresFor(signal.subject, level);
    const inForce = signal.in_force?.level === level;
    const caption = {
      zh: `${levelName(level).zh}${inForce ? '（生效）' : '（建议）'}`,
      en: `${levelName(level).en}, ${inForce ? 'in force' : 'proposed'}${measures[0] ? `; ${measures[0].clause}` : ''}`,
    };
    if (measures.length === 0) return [paragraph(caption), paragraph(NONE_NAMED)];
    return [paragraph(caption), html`<table><tbody>${measures.map(measureRow)}</tbody></table>`];
  });
};

/** Who made a version, by the ledger: people with their role, or no one where a threshold did. */
const makerOf = (version: number, entries: readonly LedgerRow[]): string =>
  entries
    .filter((entry) => entry.version === version && CHANGES.includes(entry.step))
    .map(({ person, role }) => `${person}（${isRole(role) ? ROLES[role].zh : role}）`)
    .join('、');

const stepsTable = (versions: readonly Version[], entries: readonly LedgerRow[]): Html => {
  const head = headings([
    { zh: '版本', en: 'version' },
    { zh: '时间（北京）', en: 'time' },
    { zh: '级别', en: 'level' },
    { zh: '步骤', en: 'step' },
    { zh: '办理人', en: 'by' },
  ]);
  const rows = versions.map(
    ({ signal }) =>
      html`<tr><td class="number">${signal.version}</td><td>${beijing(signal.at)}</td><td>${levelName(signal.level).zh}</td><td>${[both(STATES[signal.state])]}</td><td>${makerOf(signal.version, entries)}</td></tr>\n`,
  );
  return html`<table>${[head]}<tbody>${rows}</tbody></table>`;
};

/** 3.4 to 3.6: who reports how often, who is on duty and who is sent, at the level in force. */
const dutiesOf = ({ kind, in_force }: Signal): Html[] => {
  // A warning signal has a colour, and the plan's duties are not its own.
  if (kind !== 'weather-response' || !in_force) return [];
  const level = in_force.level as Level;
  const often = REPORTS_A_DAY[level];
  const report = {
    zh: `成员单位每日${often === 1 ? '' : '两次'}向办公室报告情况。`,
    en: `Members report to the office ${often === 1 ? 'once' : 'twice'} a day.`,
  };
  return [report, DUTY[level], ...[SENT[level] ?? []].flat()].map(paragraph);
};

const lackingOf = ({ lacking }: Signal): Html =>
  lacking.length === 0
    ? paragraph({ zh: '不缺影响级别判定的数据。', en: 'Nothing that would decide the level is lacking.' })
    : html`<ul>${lacking.map((one) => html`<li>${one}</li>`)}</ul>`;

const titleOf = (signal: Signal, { catalog }: Publisher): Bilingual => {
  const { zh, en } = signal.title;
  const level = levelName(signal.in_force ? signal.in_force.level : signal.level);
  const order = signal.in_force ? '命令' : isEnded(signal) ? '结束通报' : '建议';
  const word = signal.in_force ? 'order' : isEnded(signal) ? 'notice of the end' : 'proposal';
  return { zh: `${catalog.county.name.zh}${zh}（${level.zh}）${order}`, en: `${en}, ${level.en}: ${word}` };
};

const marksOf = (signal: Signal, simulated: boolean): Bilingual[] => [
  ...(simulated ? [SIMULATED_NOTE] : []),
  ...(signal.in_force || isEnded(signal)
    ? []
    : [{ zh: '建议稿，尚未签署，不得对外发布', en: 'proposal: not signed, not for release' }]),
];

/**
 * The bulletin of a response as it stands, as a page for print.
 * @param versions of the signal, the oldest first
 * @param entries of the ledger about it
 */
export const responseBulletin = (
  signal: Signal,
  versions: readonly Version[],
  entries: readonly LedgerRow[],
  publisher: Publisher,
): string => {
  const office = senderName(signal, publisher.catalog);
  return pageOf({
    title: titleOf(signal, publisher),
    under: office,
    marks: marksOf(signal, publisher.simulated),
    body: [
      heading({ zh: '一、级别与状态', en: 'Level and state' }),
      standing(signal),
      heading({ zh: '二、依据数据', en: 'Evidence' }),
      evidenceTable(signal, publisher),
      heading({ zh: '三、缺少的数据', en: 'Lacking' }),
      lackingOf(signal),
      ...(isEnded(signal)
        ? []
        : [heading({ zh: '四、部门措施', en: 'Measures' }), ...dutiesOf(signal), ...measuresOf(signal)]),
      heading({ zh: isEnded(signal) ? '四、过程' : '五、过程', en: 'Steps' }),
      stepsTable(versions, entries),
      signatures([{ zh: '指挥长同意', en: 'commander agrees' }, signerOf(signal), { zh: '盖章', en: 'seal' }]),
    ],
  });
};
