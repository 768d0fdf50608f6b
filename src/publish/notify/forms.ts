import { createHmac } from 'node:crypto';
import { SECOND } from '../../core/time.ts';
import type { Channel, ChannelType } from './rules.ts';
import type { Delivery } from './state.ts';
import { isPressing } from './threads.ts';
import type { Words } from './words.ts';

// What each type of channel is handed, and what its answers mean: documented forms of DingTalk, WeCom and Feishu robots for groups.

export type Form =
  | {
      readonly type: 'email';
      readonly to: string;
      readonly from: string;
      readonly subject: string;
      readonly text: string;
    }
  | { readonly type: 'siren'; readonly topic: string; readonly payload: object }
  | {
      readonly type: Exclude<ChannelType, 'email' | 'siren'>;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly payload: object;
    };

const hmac = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('base64');

/** DingTalk: HMAC-SHA256 of `{ms}\n{secret}` under the secret, in the address. */
const signedUrl = (url: string, secret: string | undefined, now: number): string => {
  if (secret === undefined) return url;
  const sign = encodeURIComponent(hmac(secret, `${now}\n${secret}`));
  return `${url}${url.includes('?') ? '&' : '?'}timestamp=${now}&sign=${sign}`;
};

/** Feishu: HMAC-SHA256 of nothing under `{s}\n{secret}`, in the body. */
const signedBody = (secret: string | undefined, now: number): object => {
  if (secret === undefined) return {};
  const timestamp = String(Math.floor(now / SECOND));
  return { timestamp, sign: hmac(`${timestamp}\n${secret}`, '') };
};

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** `{to}` and `{text}` in every text of a body. */
const filled = (value: unknown, words: Readonly<Record<string, string>>): unknown => {
  if (typeof value === 'string') return value.replace(/\{(to|text)\}/g, (_, name: string) => words[name]!);
  if (Array.isArray(value)) return value.map((one) => filled(one, words));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, words)]));
};

/** A siren calls the duty room until someone acknowledges or takes a step for all that presses: it is one, whatever the number of signals. */
const sirenOf = ({ signal, acknowledged, others }: Delivery): object => {
  const { id, version, level, state, at } = signal;
  const watch = { signal, heard: 0, threads: {} };
  const on = others || isPressing(acknowledged === undefined ? watch : { ...watch, acknowledged });
  return { siren: on ? 'on' : 'off', id, version, level, state, at };
};

/** Robots of WeCom take 2,048 bytes of text; a character of Chinese has three. */
const MOST_BYTES = 2048;
const cut = (text: string): string => {
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  const fits = Buffer.from(text)
    .subarray(0, MOST_BYTES - 3)
    .toString()
    .replace(/\uFFFD+$/, '');
  return `${fits}…`;
};

/** @param now epoch ms, for signatures */
export const formOf = (delivery: Delivery, channel: Channel, words: Words, now: number): Form => {
  const text = `${words.title}\n${words.body}`;
  switch (channel.type) {
    case 'email':
      return { type: 'email', to: channel.to.join(', '), from: channel.from, subject: words.title, text: words.body };
    case 'siren':
      return { type: 'siren', topic: channel.topic, payload: sirenOf(delivery) };
    case 'dingtalk':
      return {
        ...{ type: 'dingtalk', url: signedUrl(channel.url, channel.secret, now), headers: JSON_TYPE },
        payload: { msgtype: 'text', text: { content: text } },
      };
    case 'wecom':
      return {
        type: 'wecom',
        url: channel.url,
        headers: JSON_TYPE,
        payload: { msgtype: 'text', text: { content: cut(text) } },
      };
    case 'feishu':
      return {
        ...{ type: 'feishu', url: channel.url, headers: JSON_TYPE },
        payload: { ...signedBody(channel.secret, now), msg_type: 'text', content: { text } },
      };
    case 'sms':
      return {
        ...{ type: 'sms', url: channel.url, headers: { ...JSON_TYPE, ...channel.headers } },
        payload: filled(channel.body, { to: channel.to.join(','), text: words.short }) as object,
      };
  }
};

/** What came back: the status of HTTP, or the system's code where nothing did; and the body as text. */
export interface Answer {
  readonly status: number | string | undefined;
  readonly body: string;
}

type Tree = Readonly<Record<string, unknown>>;

const treeOf = (body: string): Tree => {
  try {
    const found: unknown = JSON.parse(body);
    return typeof found === 'object' && found !== null ? (found as Tree) : {};
  } catch {
    return {}; // no JSON is not the documented answer, which is told
  }
};

/** The field that says 0 when all is well, and the one with its words. */
const FIELDS: Readonly<Partial<Record<ChannelType, readonly [code: string, words: string]>>> = {
  dingtalk: ['errcode', 'errmsg'],
  wecom: ['errcode', 'errmsg'],
  feishu: ['code', 'msg'],
};

const brief = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

/** Why a channel did not take a message; undefined: it did. Neither its address nor its secret stands in it. */
export const refusalOf = (channel: Channel, { status, body }: Answer): string | undefined => {
  if (typeof status !== 'number') return `${status ?? 'no answer'}`;
  if (status < 200 || status > 299) return `HTTP ${status}`;
  const success = channel.type === 'sms' ? channel.success : undefined;
  const [field, words] = success ? [success.field, 'message'] : (FIELDS[channel.type] ?? []);
  if (field === undefined) return undefined;
  const answer = treeOf(body);
  if (String(answer[field]) === (success?.is ?? '0')) return undefined;
  if (answer[field] === undefined) return `the answer has no ${field}`;
  return brief(`${field} ${String(answer[field])}: ${String(answer[words ?? ''] ?? '')}`);
};

const ADDRESS = /[^\s<>"'(]+@[^\s<>"',;:)]+/g;

/** Words of a mail server or a gateway, without whom they name: anyone who opens the desk reads them. */
export const withoutAddresses = (why: string, channel: Channel): string => {
  const { url = '', secret = '' } = channel as { url?: string; secret?: string };
  const own = [url, secret, ...('to' in channel ? channel.to : [])].filter((one) => one !== '');
  return own.reduce((text, one) => text.replaceAll(one, '…'), why).replace(ADDRESS, '…');
};
