// The delivered flow in a real Node-RED, with a real broker, a mail server and a server that stands for robots and gateway.
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFlow } from '../flows/compose.ts';
import { isoBeijing, isoUtc, SECOND } from '../src/core/time.ts';
import type { Signal } from '../src/core/types.ts';
import type { View } from '../src/publish/notify/view.ts';
import { type NodeRed, startNodeRed } from './support/node-red.ts';
import {
  type Hook,
  type Hooks,
  type MailServer,
  mailText,
  next,
  signalOf,
  startHooks,
  startMail,
  topicOf,
} from './support/notify.ts';
import { startMosquitto, tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

let red: NodeRed;
let hooks: Hooks;
let mail: MailServer;
let began: number;
let client: MqttClient;
const sirens: Record<string, unknown>[] = [];

/** Seconds of the Beijing day, as the rules write them. */
const clockOf = (time: number): string => isoBeijing(time).slice(11, 19);

const rulesOf = (smtpless: string, quietFor: number): object => ({
  news: 'PT1H',
  quiet: { from: clockOf(Date.now() - 60 * SECOND), to: clockOf(Date.now() + quietFor) },
  resend: { every: 'PT2S' },
  retry: { first: 'PT1S', most: 'PT2S', patience: 'PT3S' },
  channels: {
    mail: {
      type: 'email',
      from: 'lantian@example.cn',
      to: ['a@example.cn', 'b@example.cn'],
      quiet: false,
      resend: false,
    },
    ding: { type: 'dingtalk', url: `${smtpless}/ding?access_token=TOKEN`, secret: 'SEC1', resend: false },
    wecom: { type: 'wecom', url: `${smtpless}/wecom?key=K`, quiet: false, resend: false },
    feishu: { type: 'feishu', url: `${smtpless}/feishu`, secret: 'SEC2', quiet: false, resend: false },
    night: { type: 'wecom', url: `${smtpless}/night?key=K` },
    sms: {
      ...{ type: 'sms', url: `${smtpless}/sms`, to: ['13800000000', '13900000000'], headers: { 'x-key': 'K' } },
      ...{ body: { mobile: '{to}', content: '{text}' }, success: { field: 'result', is: 'OK' } },
    },
    siren: { type: 'siren', topic: 'duty/140430/siren', resend: false },
  },
  routes: [
    { kinds: ['weather-response'], to: ['mail', 'ding', 'wecom', 'feishu', 'siren'] },
    { kinds: ['weather-response'], levels: ['I', 'II'], to: ['sms'] },
    { kinds: ['station-silent'], to: ['night'] },
  ],
});

const publish = (signal: Signal): Promise<unknown> =>
  client.publishAsync(topicOf(signal), JSON.stringify(signal), { qos: 1, retain: true });

const view = async (): Promise<View> =>
  (await fetch(`${red.url}/lantian/channels`, { signal: AbortSignal.timeout(5000) })).json() as Promise<View>;
const channel = async (name: string) => (await view()).channels.find((one) => one.channel === name)!;
const came = (name: string, count: number): Promise<void> =>
  until(`${count} of ${name}`, () => hooks.of(name).length >= count, {
    within: 8000,
    state: () => [hooks.of(name), red.output()],
  });
const textOf = ({ body }: Hook): string => String((body['text'] as { content: string }).content);
const now = (): string => isoUtc(Math.floor(Date.now() / 1000) * 1000);

/** Long enough for a start of Node-RED on a busy machine. */
const QUIET = 20 * SECOND;

beforeAll(async () => {
  const [broker, robots, post] = await Promise.all([startMosquitto(), startHooks(), startMail()]);
  hooks = robots;
  mail = post;
  client = await mqtt.connectAsync(broker.url);
  client.on('message', (_, payload) => sirens.push(JSON.parse(payload.toString())));
  await client.subscribeAsync('duty/140430/siren', { qos: 1 });
  hooks.answer('sms', [200, { result: 'OK' }]);
  // What was retained before notifying begins: one of yesterday, and one of now.
  await publish(signalOf({ subject: 'fog', since: '2026-07-19T00:00:00Z', level: 'I' }));
  const rules = join(tempFolder('rules'), 'notify.json');
  began = Date.now();
  writeFileSync(rules, JSON.stringify(rulesOf(hooks.url, QUIET)));
  red = await startNodeRed({
    flows: readFlow('flows/notifications.json'),
    settings: { mqtt: { url: broker.url } },
    env: { LANTIAN_NOTIFY_FILE: rules, LANTIAN_SMTP_PORT: String(post.port) },
  });
}, 60_000);
afterAll(() => client.endAsync(true));

test('what is not urgent waits for the end of the quiet hours, but on channels that are never held', async () => {
  const silent = signalOf({
    kind: 'station-silent',
    subject: 'guocun-air',
    since: now(),
    level: null,
    state: 'active',
  });
  await publish(silent);
  await until('held', async () => (await channel('night')).held === 1, { state: view });
  expect(hooks.of('night')).toEqual([]);
});

const gale = signalOf({ subject: 'gale', since: now(), title: { zh: '大风应急响应', en: 'Gale response' } });

test('a proposal goes to mail, robots and siren, and reads like one; robots are signed', async () => {
  await publish(next(gale, { version: 1, level: 'II' }));
  await Promise.all(['ding', 'wecom', 'feishu', 'sms'].map((name) => came(name, 1)));
  await until('a mail', () => mail.mails.length === 1);
  expect(mail.mails[0]!.to).toEqual(['a@example.cn', 'b@example.cn']);
  const texts = [mailText(mail.mails[0]!), textOf(hooks.of('ding')[0]!), textOf(hooks.of('wecom')[0]!)];
  for (const text of texts) expect(text).toContain('这是建议，不是命令，尚未生效：由指挥长决定并签署');

  const ding = new URL(hooks.of('ding')[0]!.path, hooks.url).searchParams;
  const stamp = ding.get('timestamp')!;
  expect(ding.get('access_token')).toBe('TOKEN');
  expect(ding.get('sign')).toBe(createHmac('sha256', 'SEC1').update(`${stamp}\nSEC1`).digest('base64'));

  const { timestamp, sign, msg_type, content } = hooks.of('feishu')[0]!.body;
  expect(sign).toBe(createHmac('sha256', `${timestamp}\nSEC2`).update('').digest('base64'));
  expect([msg_type, Object.keys(content as object)]).toEqual(['text', ['text']]);

  const sms = hooks.of('sms')[0]!;
  expect([sms.headers['x-key'], sms.body['mobile']]).toEqual(['K', '13800000000,13900000000']);
  expect(sms.body['content']).toMatch(/^【建议】大风应急响应（Ⅱ级）/);
  await until('the siren', () => sirens.length === 1);
  expect(sirens[0]).toMatchObject({ siren: 'on', id: gale.id, version: 1 });
});

test('it comes again until someone acknowledges, who is named; then the siren is still', async () => {
  await came('sms', 2);
  expect(hooks.of('ding'), 'resend: false').toHaveLength(1);
  const ask = (body: object, type = 'application/json') =>
    fetch(`${red.url}/lantian/acknowledge`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify(body),
    });
  expect((await ask({ id: gale.id })).status).toBe(400);
  expect((await ask({ id: '140430/none/none', by: '王芳' })).status).toBe(404);
  expect((await ask({ id: gale.id, by: '王芳' }, 'text/plain')).status).toBe(415);
  const answer = await ask({ id: gale.id, by: '王芳' });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ acknowledged: { by: '王芳' } });
  await until('the siren is still', () => sirens.length === 2);
  expect(sirens[1]).toMatchObject({ siren: 'off', version: 1 });
  const told = hooks.of('sms').length;
  await sleep(3000);
  expect(hooks.of('sms')).toHaveLength(told);
  const found = (await view()).signals.find(({ id }) => id === gale.id);
  expect(found).toMatchObject({ pressing: false, acknowledged: { by: '王芳' } });
}, 20_000);

test('the same change again, over a new connection or from another retained copy, is not told again', async () => {
  const before = ['ding', 'wecom', 'feishu', 'sms'].map((name) => hooks.of(name).length);
  await publish(next(gale, { version: 1, level: 'II' }));
  await client.publishAsync(topicOf(signalOf({ subject: 'fog' })), '', { qos: 1, retain: true });
  await sleep(500);
  expect(['ding', 'wecom', 'feishu', 'sms'].map((name) => hooks.of(name).length)).toEqual(before);
  expect(mail.mails).toHaveLength(1);
});

test('a channel that refuses is shown, tried again, and hears of it; the others do not wait', async () => {
  hooks.answer('wecom', [200, { errcode: 93000, errmsg: 'invalid webhook url' }]);
  hooks.answer('feishu', [500, {}]);
  mail.refuse(true);
  const ding = hooks.of('ding').length;
  await publish(next(gale, { level: 'II', state: 'active', in_force: { level: 'II', since: now() } }));
  await came('ding', ding + 1);
  expect(textOf(hooks.of('ding').at(-1)!)).toMatch(/^【已签署生效】大风应急响应（Ⅱ级）/);
  await until('three are shown', async () => (await view()).channels.filter(({ ok }) => !ok).length === 3, {
    state: view,
  });
  expect((await channel('wecom')).error).toBe('errcode 93000: invalid webhook url');
  expect((await channel('feishu')).error).toBe('HTTP 500');
  expect((await channel('mail')).error).toContain('mailbox unavailable');
  const tried = hooks.of('wecom').length;
  await came('wecom', tried + 1);
  hooks.answer('wecom', [200, { errcode: 0 }]);
  hooks.answer('feishu', [200, { code: 0 }]);
  mail.refuse(false);
  await until('all work', async () => (await view()).channels.every(({ ok }) => ok), { state: view });
  expect((await channel('wecom')).waiting).toBe(0);
  expect(JSON.stringify(await view())).not.toMatch(/TOKEN|SEC1|SEC2|key=K/);
}, 30_000);

test('killed while a channel does not answer: only that message comes again, and says so', async () => {
  hooks.answer('feishu', 'hang');
  const before = new Map(['ding', 'wecom', 'feishu', 'sms'].map((name) => [name, hooks.of(name).length]));
  const mailed = mail.mails.length;
  await publish(
    next(gale, { version: 3, state: 'lift-proposed', level: 'II', in_force: { level: 'II', since: now() } }),
  );
  for (const name of ['ding', 'wecom', 'feishu', 'sms']) await came(name, before.get(name)! + 1);
  await until(
    'answers are kept',
    async () => (await channel('sms')).waiting === 0 && (await channel('mail')).waiting === 0,
  );
  await red.kill9();
  hooks.answer('feishu', [200, { code: 0 }]);
  await red.restart();
  await came('feishu', before.get('feishu')! + 2);
  expect(JSON.stringify(hooks.of('feishu').at(-1)!.body)).toContain('可能重复');
  await sleep(1500);
  for (const name of ['ding', 'wecom', 'sms']) expect(hooks.of(name), name).toHaveLength(before.get(name)! + 1);
  expect(hooks.of('feishu')).toHaveLength(before.get('feishu')! + 2);
  expect(mail.mails).toHaveLength(mailed + 1);
}, 30_000);

test('what was held is sent when the quiet hours end, as it still holds', async () => {
  await sleep(Math.max(0, began + QUIET - Date.now()));
  await came('night', 1);
  expect(textOf(hooks.of('night')[0]!)).toContain('提示');
  // The rules name whole seconds.
  expect(hooks.of('night')[0]!.at).toBeGreaterThanOrEqual(began + QUIET - SECOND);
}, 30_000);

test('yesterday’s retained signal was known and never told', () => {
  const all = ['ding', 'wecom', 'feishu', 'sms'].flatMap((name) =>
    hooks.of(name).map(({ body }) => JSON.stringify(body)),
  );
  expect(all.filter((text) => text.includes('/fog/'))).toEqual([]);
});
