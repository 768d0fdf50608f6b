import type { NodeStatus } from 'node-red';
import { reasonOf } from '../../../src/core/errors.ts';
import type { Signal } from '../../../src/core/types.ts';
import { formOf, refusalOf, withoutAddresses } from '../../../src/publish/notify/forms.ts';
import { loadState, saveState } from '../../../src/publish/notify/keep.ts';
import { createNotifier } from '../../../src/publish/notify/notifier.ts';
import { readRules } from '../../../src/publish/notify/rules.ts';
import type { Delivery, Ticket } from '../../../src/publish/notify/state.ts';
import { isOver } from '../../../src/publish/notify/threads.ts';
import { viewOf } from '../../../src/publish/notify/view.ts';
import { wordsOf } from '../../../src/publish/notify/words.ts';
import { townshipsOf } from '../../../src/publish/warning.ts';
import type { Known } from './county.ts';
import type { Message } from './node.ts';

// What the node lantian-notify does with messages. The sending itself is done by Node-RED's own nodes, whose results come back here.

/** Outputs, in order; the last two are for problems and for answers to who asked by HTTP. */
const OUTPUTS = ['email', 'dingtalk', 'wecom', 'feishu', 'sms', 'siren', 'problem', 'answer'] as const;
type Output = (typeof OUTPUTS)[number];

export interface Notifying {
  take(message: Message): void;
  tick(): void;
}

export interface NotifyingParts {
  readonly file: string;
  /** Where the state is kept. */
  readonly state: string;
  readonly known: () => Known;
  readonly env: NodeJS.ProcessEnv;
  /** Epoch ms. */
  readonly now: () => number;
  /** One message on one output, null on the others. */
  readonly send: (outputs: readonly (object | null)[]) => void;
  readonly status: (status: NodeStatus) => void;
  readonly warn: (text: string) => void;
}

const SIGNAL = /^lantian\/v1\/([^/]+)\/signal\/([^/]+)\/([^/]+)$/;

const textOf = (payload: unknown): string =>
  typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.toString() : JSON.stringify(payload ?? '');

const isSignal = (found: unknown): found is Signal => {
  const { id, version, kind, at, evidence } = (found ?? {}) as Partial<Signal>;
  return (
    [id, kind, at].every((one) => typeof one === 'string') && typeof version === 'number' && Array.isArray(evidence)
  );
};

/** @throws Error where it is no signal */
const signalIn = (topic: string, text: string): Signal => {
  const found: unknown = JSON.parse(text);
  if (isSignal(found)) return found;
  throw new Error(`${topic}: 不是信号 this is no signal`);
};

const isTicket = (found: unknown): found is Ticket =>
  typeof found === 'object' && found !== null && typeof (found as Ticket).channel === 'string';

const problemOf = (zh: string, en: string) => ({ error: 'bad-request', message: en, message_zh: zh });

/** Which signal is acknowledged, and by whom; or what is wrong with the asking. */
const askedIn = (message: Message): { id: string; by: string } | { wrong: ReturnType<typeof problemOf> } => {
  const { id, by } = (message.payload ?? {}) as { id?: unknown; by?: unknown };
  const type = (message as { req?: { headers?: Record<string, string> } }).req?.headers?.['content-type'];
  // Pages of other sites can post forms and texts here, but no JSON.
  if (type !== undefined && !type.startsWith('application/json'))
    return { wrong: problemOf('须为 application/json', 'send application/json') };
  if (typeof id !== 'string' || typeof by !== 'string' || by.trim() === '' || by.length > 60)
    return { wrong: problemOf('须为 {"id": 信号编号, "by": 姓名}', 'send {"id": the signal’s, "by": your name}') };
  return { id, by: by.trim() };
};

/** @throws LantianError config-invalid */
export const createNotifying = (parts: NotifyingParts): Notifying => {
  const { known, now } = parts;
  if (parts.file === '') parts.warn('未设置 LANTIAN_NOTIFY_FILE，不发送通知 no file of rules is set: nothing is sent');
  const rules = parts.file === '' ? undefined : readRules(parts.file, known().catalog, parts.env);
  const out = (output: Output, message: object): void =>
    parts.send(OUTPUTS.map((one) => (one === output ? message : null)));

  const problem = (zh: string, en: string, more: object = {}): void =>
    out('problem', { topic: 'problem', payload: { at: new Date(now()).toISOString(), zh, en, ...more } });

  const show = (): void => {
    if (rules === undefined) {
      parts.status({ fill: 'grey', shape: 'ring', text: '未设置规则 no rules' });
      return;
    }
    const { channels } = viewOf(notifier!.state(), rules, now());
    const down = channels.filter(({ ok }) => !ok).map(({ channel }) => channel);
    const waiting = channels.reduce((sum, one) => sum + one.waiting, 0);
    const text = down.length > 0 ? `不通 down: ${down.join(', ')}` : `待发 waiting ${waiting}`;
    parts.status({ fill: down.length > 0 ? 'red' : 'green', shape: down.length > 0 ? 'ring' : 'dot', text });
  };

  const hand = (delivery: Delivery): void => {
    const { id, channel, version, times } = delivery;
    const ticket: Ticket = { id, channel, version, times };
    const words = wordsOf(delivery, known().catalog, rules!);
    const form = formOf(delivery, rules!.channels[channel]!, words, now());
    switch (form.type) {
      case 'email':
        out('email', { notify: ticket, to: form.to, from: form.from, topic: form.subject, payload: form.text });
        break;
      case 'siren':
        out('siren', { notify: ticket, topic: form.topic, payload: form.payload });
        break;
      default: {
        const { type, url, headers, payload } = form;
        out(type, { notify: ticket, method: 'POST', url, headers, payload, requestTimeout: 15_000 });
      }
    }
  };

  const notifier =
    rules &&
    createNotifier({
      rules,
      before: loadState(parts.state, (aside) =>
        parts.warn(`通知状态损坏，已移至 the state was damaged, it is now ${aside}`),
      ),
      now,
      save: (state) => saveState(parts.state, state),
      // After this event is done with: an answer that comes at once is the next one.
      send: (delivery) => setImmediate(hand, delivery),
      stuck: (why) =>
        why === undefined
          ? problem('通知状态又可写入', 'the state can be written again')
          : problem(`通知状态无法写入，暂停发送：${why}`, `the state cannot be written, nothing is sent: ${why}`),
    });

  const answered = (ticket: Ticket, message: Message): void => {
    const channel = rules?.channels[ticket.channel];
    if (channel === undefined) return;
    const byHttp = channel.type !== 'email' && channel.type !== 'siren';
    const { error } = message as { error?: { message?: string } };
    const answer = { status: message['statusCode'] as number | string | undefined, body: textOf(message.payload) };
    const said = error === undefined ? (byHttp ? refusalOf(channel, answer) : undefined) : (error.message ?? 'failed');
    if (said === undefined) {
      notifier!.take({ type: 'sent', ...ticket });
      return;
    }
    const why = withoutAddresses(said, channel);
    notifier!.take({ type: 'failed', ...ticket, why });
    problem(
      `通道 ${ticket.channel} 发送失败，将重试：${why}`,
      `channel ${ticket.channel} failed, it is tried again: ${why}`,
      ticket,
    );
  };

  const reply = (message: Message, statusCode: number, payload: object): void =>
    out('answer', { ...message, statusCode, payload, headers: { 'content-type': 'application/json; charset=utf-8' } });

  const acknowledge = (message: Message): void => {
    const asked = askedIn(message);
    if ('wrong' in asked) reply(message, 400, asked.wrong);
    else if (notifier?.state().watches[asked.id] === undefined)
      reply(message, 404, problemOf(`没有通知过信号 ${asked.id}`, `no signal ${asked.id} is known here`));
    else {
      notifier.take({ type: 'acknowledged', ...asked });
      const watch = notifier.state().watches[asked.id];
      if (watch !== undefined && watch.acknowledged === undefined && !isOver(watch))
        reply(message, 503, problemOf('确认尚未写入磁盘，请稍后重试', 'it is not on disk yet, try again'));
      else reply(message, 200, { id: asked.id, acknowledged: watch?.acknowledged ?? null });
    }
  };

  const heard = (topic: string, kind: string, subject: string, text: string): void => {
    if (text === '' || text === '""') {
      notifier?.take({ type: 'cleared', kind, subject });
      return;
    }
    const signal = signalIn(topic, text);
    notifier?.take({ type: 'signal', signal, places: townshipsOf(signal, known().catalog).map(({ id }) => id) });
  };

  const take = (message: Message): void => {
    const { topic = '', notify } = message as { topic?: string; notify?: unknown };
    const [, county, kind, subject] = SIGNAL.exec(topic) ?? [];
    if (isTicket(notify)) answered(notify, message);
    else if (topic === 'channels')
      reply(
        message,
        200,
        rules ? viewOf(notifier!.state(), rules, now()) : { channels: [], overtaken: 0, signals: [] },
      );
    else if (topic === 'acknowledge') acknowledge(message);
    else if (kind !== undefined && subject !== undefined) {
      // A broker may serve several counties: the signals of others are not for our people.
      if (county === known().catalog.county.code) heard(topic, kind, subject, textOf(message.payload));
    } else throw new Error(`${topic}: 不认识的消息 nothing is known of such a message`);
  };
  const tick = (): void => {
    try {
      notifier?.take({ type: 'tick' });
    } catch (thrown) {
      problem(`内部错误：${reasonOf(thrown)}`, `inner error: ${reasonOf(thrown)}`);
    }
    show();
  };
  tick();
  return {
    take: (message) => {
      take(message);
      show();
    },
    tick,
  };
};
