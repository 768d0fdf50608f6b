// The wire between Mosquitto and the pipeline, listened to: which messages did the pipeline acknowledge?
import { createLink } from '../tests/support/link.ts';

export interface Tap {
  /** Where the pipeline connects to. */
  readonly url: string;
  /** Messages that the pipeline acknowledged, as `topic payload`. */
  readonly acknowledged: ReadonlySet<string>;
  close(): Promise<void>;
}

const [PUBLISH, PUBACK] = [3, 4];

/** Bytes of the header before the topic. */
const headerOf = (packet: Buffer): number => {
  let at = 1;
  while ((packet[at]! & 128) !== 0) at++;
  return at + 1;
};

/** Topic and payload of a PUBLISH of MQTT 5 at QoS 1; its properties are shorter than 128 bytes. */
const messageOf = (packet: Buffer): string => {
  const start = headerOf(packet);
  const topicEnd = start + 2 + packet.readUInt16BE(start);
  const properties = topicEnd + 2;
  const payload = packet.subarray(properties + 1 + packet[properties]!);
  return `${packet.toString('utf8', start + 2, topicEnd)} ${payload.toString('utf8')}`;
};

export const createTap = async (brokerPort: number): Promise<Tap> => {
  const acknowledged = new Set<string>();
  const underWay = new Map<string, string>();
  const link = await createLink(brokerPort, (packet, { connection, from, type, id }) => {
    if (id === undefined) return;
    const key = `${connection} ${id}`;
    if (from === 'broker' && type === PUBLISH) underWay.set(key, messageOf(packet));
    else if (from === 'client' && type === PUBACK) {
      const message = underWay.get(key);
      if (message !== undefined) acknowledged.add(message);
      underWay.delete(key);
    }
  });
  return { url: `mqtt://127.0.0.1:${link.port}`, acknowledged, close: link.close };
};
