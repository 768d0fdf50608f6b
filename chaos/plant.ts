import { loadCatalog } from '../src/config/catalog.ts';
import { loadSettings } from '../src/config/load.ts';
import type { Settings } from '../src/config/schema.ts';
import type { Catalog } from '../src/core/catalog.ts';
import { decode } from '../src/intake/decode.ts';
import { validValue } from '../src/processors/hourly.ts';
import type { Outgoing } from '../tests/support/publish.ts';
import type { Planted } from './scenario.ts';

/** Whether it is understood, whenever it comes, and its temperature is valid: the simulated sensors send what is spoilt as well. */
const isGood = ({ topic, payload }: Outgoing, catalog: Catalog, settings: Settings): boolean => {
  const time = Date.parse(/"time":"([^"]+)"/.exec(payload)?.[1] ?? '');
  const decoded = decode({ topic, payload: Buffer.from(payload), received: time }, catalog, settings);
  return 'reading' in decoded && validValue(decoded.reading, 'temperature') !== undefined;
};

/** A message that stands alone: no other edition or copy of it makes up for it. */
const lone = (messages: readonly Outgoing[]): number => {
  const settings = loadSettings({ file: undefined, env: {} });
  const catalog = loadCatalog(settings.catalog, settings.county);
  const times = new Map<string, number>();
  const key = ({ topic, payload }: Outgoing) => `${topic} ${/"time":"[^"]+"/.exec(payload)?.[0]}`;
  for (const message of messages) times.set(key(message), (times.get(key(message)) ?? 0) + 1);
  const suits = (message: Outgoing): boolean =>
    message.topic.includes('/weather/') && times.get(key(message)) === 1 && isGood(message, catalog, settings);
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
