import type { Outgoing } from '../tests/support/publish.ts';
import type { Planted } from './scenario.ts';

/** A message that stands alone: no other edition or copy of it makes up for it. */
const lone = (messages: readonly Outgoing[]): number => {
  const times = new Map<string, number>();
  const key = ({ topic, payload }: Outgoing) => `${topic} ${/"time":"[^"]+"/.exec(payload)?.[0]}`;
  for (const message of messages) times.set(key(message), (times.get(key(message)) ?? 0) + 1);
  const suits = (message: Outgoing): boolean =>
    message.topic.includes('/weather/') && /"temperature":\d/.test(message.payload) && times.get(key(message)) === 1;
  return messages.findIndex((message, i) => i > messages.length / 2 && suits(message));
};

/** The messages with a mistake of the harness's own, which must be found. */
export const plant = (messages: readonly Outgoing[], planted: Planted | undefined): readonly Outgoing[] => {
  if (planted === undefined) return messages;
  const at = lone(messages);
  const { topic, payload } = messages[at]!;
  const body = JSON.parse(payload) as { time: string; values: Record<string, number> };
  const other = {
    loss: [],
    change: [{ ...body, values: { ...body.values, temperature: body.values['temperature']! + 1 } }],
    duplicate: [body, { ...body, time: new Date(Date.parse(body.time) - 7_000).toISOString() }],
  }[planted];
  const instead = other.map((content) => ({ topic, payload: JSON.stringify(content) }));
  return [...messages.slice(0, at), ...instead, ...messages.slice(at + 1)];
};
