// What messages say, and the forms that channels take them in.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Signal, SignalState } from '../src/core/types.ts';
import { formOf, refusalOf, withoutAddresses } from '../src/publish/notify/forms.ts';
import type { Channel } from '../src/publish/notify/rules.ts';
import type { Delivery } from '../src/publish/notify/state.ts';
import { shownOf, wordsOf } from '../src/publish/notify/words.ts';
import { ROLES } from '../src/signals/roles.ts';
import { SIGNS } from '../src/standards/weather-command-2021.ts';
import { CATALOG, signalOf } from './support/notify.ts';
import { rulesFrom } from './support/notify-rules.ts';

const deliveryOf = (signal: Signal, over: Partial<Delivery> = {}): Delivery => ({
  ...{ id: signal.id, channel: 'c', version: signal.version, times: 0, signal, unsure: false, others: false },
  ...over,
});
const said = (signal: Signal, over: Partial<Delivery> = {}, language: 'zh' | 'zh+en' = 'zh+en') =>
  wordsOf(deliveryOf(signal, over), CATALOG, { language });

const STATES: SignalState[] = ['proposed', 'agreed', 'active', 'lift-proposed', 'lifted', 'lapsed'];
const KINDS = [
  'weather-response',
  'warning-signal',
  'dustfall-rectification',
  'heavy-pollution',
  'geological-risk',
  'emission',
];

describe('a proposal does not read like an order', () => {
  test.each(['weather-response', 'warning-signal'])('%s: only what was signed says 已签署 or 已签发', (kind) => {
    for (const state of STATES) {
      const { title, body, short } = said(
        signalOf({ kind, state, level: kind === 'weather-response' ? 'II' : 'orange' }),
      );
      const signed = state === 'active';
      for (const text of [title, body, short])
        expect(/已签署生效|已签发生效/.test(text), `${state}: ${text}`).toBe(signed && text !== body);
      if (state === 'proposed') {
        expect(body).toMatch(/^这是建议，.*尚未/);
        expect(short).toContain('这是建议');
        expect(title).toMatch(/^【建议/);
        expect(body).toMatch(/\n\nProposed: .* A proposal, /);
      }
    }
  });

  test.each(Object.entries(SIGNS))('at %s it names who decides', (level, role) => {
    const { body } = said(signalOf({ level }));
    expect(body).toContain(ROLES[role].zh);
    expect(body).toContain(ROLES[role].en);
    expect(body).toContain(ROLES.commander.zh);
  });

  test('what is signed goes on beside a proposal of another level', () => {
    const { title, body } = said(signalOf({ level: 'I', in_force: { level: 'III', since: '2026-07-19T00:00:00Z' } }));
    expect(title).toBe('【建议调整】暴雨应急响应（Ⅰ级）');
    expect(body).toContain('已签署的Ⅲ级仍然有效');
  });

  test('kinds that no one signs here say that they are worked out', () => {
    expect(said(signalOf({ kind: 'heavy-pollution', level: 'red', state: 'active' })).body).toMatch(
      /^自动判定，不是已发布的预警/,
    );
    expect(said(signalOf({ kind: 'emission', level: null, state: 'active' })).body).toMatch(/^自动判定，请核实处理/);
  });
});

test('every kind and state has words in both languages, and none that is empty', () => {
  for (const kind of KINDS)
    for (const state of STATES) {
      const shown = shownOf(signalOf({ kind, state, level: 'II' }), CATALOG);
      for (const { zh, en } of [shown.tag, shown.says])
        expect(
          [zh, en].every((text) => text.length > 1),
          `${kind} ${state}`,
        ).toBe(true);
    }
});

test('place, evidence, document, lacking and number stand in the message; many are cut short', () => {
  const one = signalOf().evidence[0]!;
  const signal = signalOf({ evidence: Array(8).fill(one), lacking: ['a', 'b', 'c', 'd', 'e', 'f'] });
  const { body } = said(signal);
  expect(body).toContain('地点：郭村镇');
  expect(body).toContain('66.5 mm（预报 07-20 08:00 – 07-21 08:00）');
  expect(body).toContain('其余 3 项');
  expect(body).toContain('依据：沁政办发〔2021〕19号 附件6 (1)');
  expect(body).toContain('等 6 项');
  expect(body).toContain(`编号：${signal.id}`);
  expect(said(signal, {}, 'zh').body).not.toMatch(/Proposed/);
});

test('evidence of every kind has its name', () => {
  const about = (kind: string, quantity: string, station = 'county'): string =>
    said(
      signalOf({ kind, level: null, state: 'active', evidence: [{ ...signalOf().evidence[0]!, quantity, station }] }),
    ).body;
  expect(about('emission', 'converted_so2')).toContain('折算二氧化硫');
  expect(about('water-section', 'ammonia_nitrogen')).toContain('氨氮');
  expect(about('dustfall-assessment', 'dustfall_mean')).toContain('降尘量全县平均');
  expect(about('heavy-pollution', 'forecast_daily_aqi')).toContain('日 AQI');
  expect(about('station-silent', 'silence', 'guocun-weather')).toContain('郭村镇 无有效数据');
});

test('a reminder and a doubtful repeat say so; tags of HTML cannot stand in a message', () => {
  const signal = signalOf({ title: { zh: '<b>暴雨', en: 'Rain' } });
  expect(said(signal, { times: 2 }).body).toContain('第 2 次提醒：尚无人确认');
  expect(said(signal, { unsure: true }).body).toContain('可能重复');
  expect(said(signal).title).not.toContain('<');
});

describe('forms', () => {
  const words = { title: '题', body: '文', short: '短' };
  const channels = rulesFrom({
    channels: {
      mail: { type: 'email', from: 'l@example.cn', to: ['a@example.cn'] },
      ding: { type: 'dingtalk', url: 'https://d.example/send?access_token=T', secret: 'S' },
      wecom: { type: 'wecom', url: 'https://w.example/send?key=K' },
      plain: { type: 'feishu', url: 'https://f.example/hook' },
      sms: {
        type: 'sms',
        url: 'https://s.example',
        to: ['13800000000'],
        body: { list: ['{to}'], deep: { t: '【{text}】' } },
      },
      horn: { type: 'siren', topic: 'duty/siren' },
    },
    routes: [{ to: ['mail', 'ding', 'wecom', 'plain', 'sms', 'horn'] }],
  }).channels as Record<string, Channel>;
  const form = (name: string, over: Partial<Delivery> = {}, level = 'II') =>
    formOf(deliveryOf(signalOf({ level }), over), channels[name]!, words, 1_700_000_000_000);

  test('each channel is handed what it documents', () => {
    const sign = encodeURIComponent(createHmac('sha256', 'S').update('1700000000000\nS').digest('base64'));
    expect(form('ding')).toMatchObject({
      url: `https://d.example/send?access_token=T&timestamp=1700000000000&sign=${sign}`,
      payload: { msgtype: 'text', text: { content: '题\n文' } },
    });
    expect(form('wecom')).toMatchObject({ url: 'https://w.example/send?key=K', payload: { msgtype: 'text' } });
    expect(form('plain')).toMatchObject({ payload: { msg_type: 'text', content: { text: '题\n文' } } });
    expect(form('plain')).not.toHaveProperty('payload.sign');
    expect(form('sms')).toMatchObject({ payload: { list: ['13800000000'], deep: { t: '【短】' } } });
    expect(form('mail')).toEqual({
      type: 'email',
      to: 'a@example.cn',
      from: 'l@example.cn',
      subject: '题',
      text: '文',
    });
  });

  test('a siren sounds for what is pressing, and is still for anything else', () => {
    const siren = (...args: Parameters<typeof form>) => (form(...args) as { payload: { siren: string } }).payload.siren;
    expect(siren('horn')).toBe('on');
    expect(siren('horn', { acknowledged: { by: '王芳', at: 0 } })).toBe('off');
    expect(siren('horn', {}, 'III')).toBe('off');
    expect(siren('horn', { others: true }, 'III')).toBe('on');
  });

  test('WeCom takes 2,048 bytes: a longer text is cut between characters', () => {
    const long = formOf(deliveryOf(signalOf()), channels['wecom']!, { ...words, body: '雨'.repeat(900) }, 0);
    const { content } = (long as { payload: { text: { content: string } } }).payload.text;
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2048);
    expect(content).toMatch(/^题\n雨+…$/);
  });

  test.each([
    ['ding', 200, '{"errcode":0,"errmsg":"ok"}', undefined],
    ['ding', 200, '{"errcode":310000,"errmsg":"sign not match"}', 'errcode 310000: sign not match'],
    ['wecom', 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', 'errcode 45009: api freq out of limit'],
    ['plain', 200, '{"code":0,"msg":"success"}', undefined],
    ['plain', 200, '{"code":19021,"msg":"sign match fail"}', 'code 19021: sign match fail'],
    ['plain', 200, '<html>', 'the answer has no code'],
    ['sms', 204, '', undefined],
    ['ding', 502, '', 'HTTP 502'],
    ['ding', 'ECONNREFUSED', 'RequestError : https://d.example/send?access_token=T', 'ECONNREFUSED'],
  ] as const)('%s: %s %s is %s', (name, status, body, why) => {
    expect(refusalOf(channels[name]!, { status, body })).toBe(why);
  });

  test.each([
    [
      'mail',
      'all recipients were rejected: 550 5.1.1 <a@example.cn>: unknown',
      'all recipients were rejected: 550 5.1.1 <…>: unknown',
    ],
    ['mail', 'relay for boss@other.cn refused', 'relay for … refused'],
    ['sms', 'code 7: 13800000000 is barred', 'code 7: … is barred'],
    ['ding', 'no way to https://d.example/send?access_token=T', 'no way to …'],
  ] as const)('%s: what it says names nobody: %s', (name, said, shown) => {
    expect(withoutAddresses(said, channels[name]!)).toBe(shown);
  });
});
