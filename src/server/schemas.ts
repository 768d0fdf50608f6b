import { FEEDS } from '../core/types.ts';
import { STEPS } from '../signals/decision.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';

// JSON Schema of what the API answers, for its OpenAPI description. Objects are closed: tests hold each answer against them.

type Schema = Readonly<Record<string, unknown>>;

const object = (properties: Record<string, Schema>, optional: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  additionalProperties: false,
});

export const arrayOf = (items: Schema, description?: string): Schema => ({
  type: 'array',
  items,
  ...(description === undefined ? {} : { description }),
});

const text = (description?: string): Schema => ({
  type: 'string',
  ...(description === undefined ? {} : { description }),
});
const orNull = (type: string, description: string): Schema => ({ type: [type, 'null'], description });
const time = (description: string): Schema => ({ type: 'string', format: 'date-time', description });
const mapOf = (values: Schema, description: string): Schema => ({
  type: 'object',
  additionalProperties: values,
  description,
});

const bilingual = object({ zh: text(), en: text() });
const feed: Schema = { type: 'string', enum: FEEDS };
const tags = mapOf(text(), '序列的标签 tags of the series');
const fields = mapOf(
  { type: ['number', 'string', 'boolean'] },
  '各因子的值，单位见文档 values in the units of the contract',
);

const problem = object({
  error: text('错误代码 code'),
  message: text('what is wrong and what to do'),
  message_zh: text('问题与处理办法'),
});

/** The answers of a route: what it says when all is well, and the errors it can meet. */
export const answers = (good: Schema, ...problems: ProblemCode[]): Schema => {
  const byStatus = Object.groupBy(problems, (code) => String(PROBLEMS[code]));
  const bad = Object.entries(byStatus).map(([status, codes]) => [
    status,
    { ...problem, description: (codes ?? []).join(', ') },
  ]);
  return { 200: { description: '成功 done', ...good }, ...Object.fromEntries(bad) };
};

/** The same of a route that answers with a document of its own type. */
export const documentAnswers = (type: string, ...problems: ProblemCode[]): Schema => ({
  ...answers({}, ...problems),
  200: { description: type, content: { [type]: { schema: { type: 'string' } } } },
});

/** A closed query: an unknown key is a mistake that should be seen. */
export const query = (properties: Record<string, Schema> = {}): Schema => ({
  type: 'object',
  properties,
  additionalProperties: false,
});

/** Names in topics, tags and paths. */
export const named = (description: string): Schema => ({ type: 'string', minLength: 1, maxLength: 64, description });

const schedule = object({
  feed,
  period_s: {
    type: ['number', 'string'],
    description: '默认时段（秒），0 为瞬时，month 为自然月 seconds, 0 instant, or month',
  },
  interval_s: { type: 'number', description: '正常上报间隔（秒）seconds between readings' },
});

const stationFields: Record<string, Schema> = {
  id: text(),
  name: bilingual,
  feeds: arrayOf(feed, '上报的数据类别 kinds of report'),
  township: orNull('string', '乡镇编码 township id'),
  enterprise: orNull('string', '企业编码 enterprise id, of an outlet'),
  active: { type: 'boolean', description: '在用 in service' },
  assessed: { type: 'boolean', description: '计入全县均值 counts in the county mean' },
  example: { type: 'boolean', description: '示例站点，非真实 made up, not a real one' },
  longitude: orNull('number', '°'),
  latitude: orNull('number', '°'),
  online: orNull('boolean', '在线；未收到过数据或停用为 null; null: never heard or out of service'),
  last_seen: { ...orNull('string', '最近一次读数的时间 time of the latest reading'), format: 'date-time' },
};

export const stationSchema = object(stationFields);

export const stationDetailSchema = object({
  ...stationFields,
  schedules: arrayOf(schedule),
  target: orNull('string', '断面水质目标 class a section must reach, GB 3838-2002'),
  water_body: orNull('string', '河流或湖库 river or lake'),
  reference_oxygen: orNull('number', '基准氧含量（%）'),
  limits: { type: ['object', 'null'], additionalProperties: { type: 'number' }, description: '许可限值 mg/m³' },
  readings: arrayOf(
    object(
      {
        feed,
        time: time('时段结束 end of the period'),
        start: time('时段开始 start of the period'),
        age_s: { type: 'number', description: '距今（秒）seconds ago' },
        values: mapOf({ type: 'number' }, '各因子的值 values'),
        flags: mapOf(text(), 'HJ 212 数据标记 data flags'),
        from: time('预报窗口开始 window of a forecast'),
        to: time('预报窗口结束'),
        phenomena: arrayOf(text()),
        trend: text(),
        status: text(),
      },
      ['flags', 'from', 'to', 'phenomena', 'trend', 'status'],
    ),
    '各类别最近一次读数 latest reading of each feed',
  ),
});

export const figureSchema = object({
  measurement: text(),
  station: text(),
  tags,
  time: time('时段结束（与业务口径一致）end of the period, as bureaus label it'),
  start: time('时段开始 start'),
  end: time('时段结束 end'),
  fields,
  invalid: arrayOf(text(), '数据量不足、不参与评价的因子 quantities below their minimum of data'),
});

export const seriesSchema = object({
  measurement: text(),
  from: time('查询起点 asked from'),
  to: time('查询终点 asked to'),
  rows: arrayOf(
    object({
      time: time('时段结束 end of the period'),
      start: {
        ...orNull('string', '时段开始；序列未保存时为 null; null where the series does not keep it'),
        format: 'date-time',
      },
      end: time('时段结束'),
      station: orNull('string', '站点，或 county'),
      tags,
      fields,
    }),
  ),
  next: orNull('string', '下一页地址，无则为 null path of the next page'),
});

const evidence = object({
  station: text(),
  quantity: text(),
  value: { type: 'number' },
  unit: text(),
  from: text(),
  to: text(),
});
const basis = object({ document: text('文件 document'), clause: text('条款 clause') });

const measures = (description: string): Schema =>
  arrayOf(
    object({ department: bilingual, items: arrayOf(bilingual), clause: text('条款 clause of 沁政办发〔2021〕19号') }),
    description,
  );

const signalFields: Record<string, Schema> = {
  id: text('{county}/{kind}/{subject}/{since}'),
  version: { type: 'integer' },
  county: text(),
  kind: text(),
  subject: text(),
  level: orNull('string', '级别 level'),
  state: text('状态 state'),
  since: time('UTC'),
  at: time('UTC'),
  title: bilingual,
  basis,
  evidence: arrayOf(evidence, '依据数据'),
  lacking: arrayOf(text(), '缺少的数据 what is missing'),
  in_force: {
    ...object({ level: orNull('string', '级别 level'), since: time('签署时间 of the signature, UTC') }),
    type: ['object', 'null'],
    description: '已签署生效的级别 what is signed now; null: nothing',
  },
  signed_since: time('首次签署时间 when the first level was signed, UTC'),
  level_since: time('UTC'),
  judged: text('由人研判的级别 level that a person judged right'),
  stage: text('降尘整治进展 how far a dustfall rectification has come: bulletin, campaign, closed'),
};
const OF_SOME = ['in_force', 'signed_since', 'level_since', 'judged', 'stage'];

/** A signal as the register has it. */
export const signalSchema = object(signalFields, OF_SOME);

/** A signal exactly as it is published on MQTT. */
export const deliveredSchema = object(
  {
    ...signalFields,
    measures: measures('该级别各部门措施；预案未列出则为空 measures at the level, empty where the plan names none'),
    measures_note: bilingual,
    measures_in_force: measures('另一已生效级别的措施 measures of the level in force, where that is another'),
  },
  [...OF_SOME, 'measures', 'measures_note', 'measures_in_force'],
);

export const verdictSchema = object({
  kind: text(),
  subject: text(),
  title: bilingual,
  level: orNull('string', '证据已证明的级别 level proven by the evidence'),
  possible: orNull('string', '所缺数据可能达到的最高级别 highest level that what is lacking could prove'),
  evidence: arrayOf(evidence),
  lacking: arrayOf(text(), '缺少的数据 what is missing'),
  basis,
  signal: orNull('string', '已发出且仍有效的信号 id of the signal in force'),
});

export const townshipSchema = object({
  id: text(),
  name: bilingual,
  kind: { type: 'string', enum: ['township', 'zone'] },
  stations: arrayOf(text(), '站点编码 station ids'),
  hazard_points: { type: 'integer', description: '地质灾害隐患点数 geological hazard points' },
});

const ok: Schema = { type: 'boolean' };
export const readySchema = object({
  ready: ok,
  parts: arrayOf(
    object({
      part: text(),
      ok,
      needed: { type: 'boolean', description: '不正常时是否影响就绪 whether it decides readiness' },
      why: text(),
      why_zh: text(),
    }),
  ),
});

export const aliveSchema = object({ status: { type: 'string', enum: ['alive'] } });

const inForce = signalFields['in_force']!;

/** A step, as it is handed in. */
export const stepSchema = object(
  {
    step: text(STEPS.join(', ')),
    level: orNull(
      'string',
      '研判、同意或签署的级别 level that is judged, agreed to or signed; null withdraws a judgement',
    ),
    reason: { ...text('理由；报告或派出的内容 why; what is reported, who is sent'), maxLength: 2000 },
    unit: named('报告单位 unit that reports'),
    version: { type: 'integer', minimum: 1, description: '所见版本，不符则拒绝 version in sight; another is refused' },
  },
  ['level', 'reason', 'unit', 'version'],
);

export const doneSchema = object({
  signal: text(),
  version: { type: 'integer' },
  entries: arrayOf({ type: 'integer' }, '台账编号 numbers in the ledger'),
  now: { ...deliveredSchema, type: ['object', 'null'], description: '信号现状 the signal as it stands' },
});

export const personSchema = object({
  name: orNull('string', '姓名 name'),
  role: orNull('string', '角色 role'),
  unit: orNull('string', '乡镇或企业 township or enterprise'),
});

const reports = {
  ...object({
    every_h: { type: 'number', description: '报告间隔（小时）hours between reports' },
    from: time('UTC'),
    to: time('UTC'),
    open: arrayOf(text(), '本时段尚未报告的单位 units yet to report in this span'),
    late: arrayOf(text(), '逾期的单位 units that are late'),
  }),
  type: ['object', 'null'],
};

const caseFields: Record<string, Schema> = {
  signal: text('信号 id'),
  version: { type: 'integer' },
  kind: text(),
  subject: text(),
  title: bilingual,
  level: orNull('string', '级别 level'),
  state: text('状态 state'),
  stage: orNull('string', '降尘整治进展 stage of a rectification'),
  in_force: inForce,
  next: arrayOf(
    object({ step: text(), roles: arrayOf(text()), yours: { type: 'boolean', description: '令牌所属角色可办理' } }),
    '可办理的步骤与角色 steps that may be taken now, and by whom',
  ),
  leads: { type: 'boolean', description: '数灾并发时以此响应为主（3.4）the response that leads, of several' },
  reports,
  duty: { ...bilingual, type: ['object', 'null'] },
  sent: { ...bilingual, type: ['object', 'null'] },
};

export const caseSchema = object(caseFields);

export const entrySchema = object({
  seq: { type: 'integer' },
  at: time('UTC'),
  signal: text(),
  version: { type: 'integer' },
  kind: text(),
  subject: text(),
  step: text('threshold，或人的步骤 or a person’s step'),
  level: orNull('string', '级别'),
  state: text(),
  person: text(),
  role: text(),
  unit: text('报告单位'),
  reason: text(),
  evidence: arrayOf(evidence),
  lacking: arrayOf(text()),
  previous: text('前一条的散列 hash of the entry before'),
  hash: text('SHA-256'),
});

export const caseWithEntries = object({ ...caseFields, entries: arrayOf(entrySchema, '台账 the ledger') });
