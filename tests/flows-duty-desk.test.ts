// The duty desk as a person uses it: a real pipeline, a real broker, Node-RED and Chromium.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeFlows } from '../flows/compose.ts';
import { isoUtc, monthStart } from '../src/core/time.ts';
import { openOnScreen, type Screen } from './support/chromium.ts';
import { type Child, lantianChild } from './support/lantian.ts';
import { type NodeRed, startNodeRed } from './support/node-red.ts';
import { startHooks } from './support/notify.ts';
import { startMosquitto, tempFolder } from './support/servers.ts';
import { coldWave, FALLS, step, type Tokens, tokensOf } from './support/steps.ts';
import { until } from './support/until.ts';

let red: NodeRed;
let child: Child;
let client: MqttClient;
let tokens: Tokens;
let desk: Screen;

beforeAll(async () => {
  const [broker, hooks] = await Promise.all([startMosquitto(), startHooks()]);
  hooks.answer('down', [500, {}]);
  child = await lantianChild({
    mqtt: { url: broker.url },
    intake: { tick: 'PT1S', grace: 'PT0S' },
    reports: { units: ['emergency'] },
  });
  const rules = join(tempFolder('rules'), 'notify.json');
  const channels = {
    command: { type: 'wecom', url: `${hooks.url}/command`, quiet: false },
    bureau: { type: 'feishu', url: `${hooks.url}/down`, quiet: false },
  };
  const told = { news: 'PT24H', channels, routes: [{ kinds: ['weather-response'], to: ['command', 'bureau'] }] };
  writeFileSync(rules, JSON.stringify(told));
  client = await mqtt.connectAsync(broker.url);
  const files = ['flows/notifications.json', 'flows/duty-desk.json'];
  [red] = await Promise.all([
    startNodeRed({
      flows: composeFlows(files),
      settings: { mqtt: { url: broker.url }, http: { port: Number(new URL(child.http).port) } },
      env: { LANTIAN_NOTIFY_FILE: rules },
    }),
    child.start(),
  ]);
  tokens = await tokensOf(child);
  await coldWave(client, FALLS.II);
  desk = await openOnScreen(`${red.url}/dashboard/desk`, 1100, 840);
}, 90_000);
afterAll(() => client.endAsync(true));

const WAVE = '[data-signal="weather-response/cold-wave"]';
const text = (screen = desk): Promise<string> => screen.evaluate<string>('document.body.innerText');
const seen = (what: string | RegExp, screen = desk): Promise<void> =>
  until(
    `${what} on the screen`,
    async () => {
      const found = await text(screen);
      return typeof what === 'string' ? found.includes(what) : what.test(found);
    },
    { state: () => red.output().slice(-2000) },
  );
const there = (selector: string, screen = desk): Promise<void> =>
  until(`${selector} is there`, () =>
    screen.evaluate<boolean>(`!!document.querySelector(${JSON.stringify(selector)})`),
  );
const click = async (selector: string, screen = desk): Promise<void> => {
  await there(selector, screen);
  await screen.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
};
const type = (selector: string, words: string, screen = desk): Promise<unknown> =>
  screen.evaluate(`(() => {
    const field = document.querySelector(${JSON.stringify(selector)});
    field.value = ${JSON.stringify(words)};
    field.dispatchEvent(new Event('input', { bubbles: true }));
  })()`);
const signIn = async (token: string): Promise<void> => {
  await there('#desk-token');
  await type('#desk-token', token);
  await click('#desk-sign-in');
};

const ledger = async (): Promise<{ step: string; person: string; level: string; reason: string }[]> =>
  (await (await fetch(`${child.http}/api/v1/ledger`)).json()) as never;
const keysOf = (): Promise<string[]> => desk.evaluate<string[]>('window.keys ?? []');

test('whoever looks sees what is in force, its evidence and how it stands, and no button', async () => {
  await seen('寒潮应急响应');
  const found = await text();
  expect(found).toContain('【建议】寒潮应急响应');
  expect(found).toContain('这是建议，不是命令，尚未生效：由指挥长决定并签署');
  expect(found).toMatch(/定昌镇.*最低气温降幅/);
  expect(await desk.evaluate(`document.querySelectorAll('${WAVE} [data-step]').length`)).toBe(1);
  expect(await desk.evaluate(`document.querySelector('${WAVE} [data-step=acknowledge]').disabled`)).toBe(true);
  expect(await desk.evaluate(`document.querySelector('${WAVE}').className`)).toContain('orange');
});

test('a token that is none is refused in Chinese, and is not kept', async () => {
  await signIn('not-a-token');
  await seen('令牌不存在或已撤销');
  expect(await desk.evaluate('Object.keys(sessionStorage)')).toEqual([]);
});

test('the commander sees his own steps and signs what is shown; the ledger has it', async () => {
  await signIn(tokens.commander);
  await seen('某commander（指挥长）');
  await there(`${WAVE} [data-step=sign]`);
  expect(
    await desk.evaluate(`[...document.querySelectorAll('${WAVE} [data-step]')].map((one) => one.dataset.step)`),
  ).toEqual(['agree', 'sign', 'acknowledge']);
  await click(`${WAVE} [data-step=sign]`);
  await seen(/您将以 某commander（指挥长） 的名义签署\s+寒潮应急响应，Ⅱ级（第 1 版）/);
  // The picture of docs/flows.md: PICTURES=1, where a Chinese font is installed.
  if (process.env['PICTURES']) writeFileSync('docs/duty-desk.png', await desk.picture());
  await click('#desk-confirm');
  await seen('已签署：寒潮应急响应，写入台账第');
  await seen('【已签署生效】寒潮应急响应');
  const entries = await ledger();
  expect(entries.map(({ step: taken, person, level }) => [taken, person, level]).slice(0, 2)).toEqual([
    ['sign', '某commander', 'II'],
    ['agree', '某commander', 'II'],
  ]);
  await seen('报告：应报 县应急管理局');
});

test('channels are shown, the one that is down too', async () => {
  await seen(/bureau\s+不通，重试中/);
  await seen(/command\s+正常/);
});

test('nothing of one person reaches another screen, nor the context, nor the log', async () => {
  const other = await openOnScreen(`${red.url}/dashboard/desk`, 1100, 900);
  await seen('【已签署生效】寒潮应急响应', other);
  expect(await text(other)).not.toContain('某commander');
  expect(await other.evaluate('Object.keys(sessionStorage)')).toEqual([]);
  expect(await other.evaluate(`document.querySelectorAll('${WAVE} [data-step]').length`)).toBe(0);
  const context = await (await red.admin('context/global')).text();
  const flows = await Promise.all(
    ['desk-tab', 'notify-tab'].map(async (id) => (await red.admin(`context/flow/${id}`)).text()),
  );
  for (const said of [context, ...flows, red.output()]) expect(said).not.toContain(tokens.commander);
});

test('a step that is lost on the way is handed in again under the same key, and taken once', async () => {
  await click('[data-step=dispatch]');
  await type('#desk-reason', '派出工作组赴郭村镇');
  // The first answer is lost after the step was taken.
  await desk.evaluate(`(() => {
    const real = window.fetch;
    window.keys = [];
    window.fetch = async (path, options) => {
      const answer = await real(path, options);
      if (!String(path).endsWith('/steps')) return answer;
      window.keys.push(options.headers['idempotency-key']);
      if (window.keys.length === 1) throw new TypeError('the connection broke');
      return answer;
    };
  })()`);
  await click('#desk-confirm');
  await seen('已派出：寒潮应急响应');
  const keys = await keysOf();
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect((await ledger()).filter((one) => one.step === 'dispatch').map(({ reason }) => reason)).toEqual([
    '派出工作组赴郭村镇',
  ]);
});

test('what moved meanwhile is refused in words', async () => {
  await desk.evaluate('document.querySelector("#desk-me button").click()');
  await signIn(tokens['office-director']);
  await click(`${WAVE} [data-step=propose-lift]`);
  await type('#desk-reason', '会商：风力减弱');
  const { signal } = ((await (await fetch(`${child.http}/api/v1/cases`)).json()) as { signal: string }[])[0]!;
  expect((await step(child, tokens.office, signal, { step: 'judge', level: 'I', reason: '房屋受损' })).status).toBe(
    200,
  );
  await click('#desk-confirm');
  await seen(/未办理（建议解除）：信号已是第 \d+ 版/);
});

test('what is gravest stands first, what has no level last; on a telephone nothing is cut off', async () => {
  const payload = JSON.stringify({ time: isoUtc(monthStart(Date.now())), period: 'P1M', values: { dustfall: 9.6 } });
  await client.publishAsync('lantian/v1/140430/dustfall/dustfall-3', payload, { qos: 1 });
  const small = await openOnScreen(`${red.url}/dashboard/desk`, 390, 800);
  await seen('降尘专项整治', small);
  const order = "[...document.querySelectorAll('.signal')].map((one) => one.dataset.signal.split('/')[0])";
  const kinds = await small.evaluate<string[]>(order);
  expect(kinds[0]).toBe('weather-response');
  expect(kinds.slice(1)).toContain('dustfall-rectification');
  await seen(/bureau\s+不通/, small);
  const cut =
    "[...document.querySelectorAll('.desk, .signal')].filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth || one.scrollWidth > one.clientWidth).length";
  expect(await small.evaluate(cut)).toBe(0);
});
