// An MQTT client that acknowledges when told to, not when the library pleases.
//
// MQTT.js acknowledges a QoS 1 message as soon as its handler returns. Here the packet is turned into a QoS 0 one the moment
// it is parsed (`packetreceive`, before the library looks at its QoS), so the library delivers it and sends nothing; the
// PUBACK is written by us to the stream of the client, when the journal has the message.
//
// Invariants: (1) acknowledgements leave in the order of arrival (MQTT 5, 4.6), whatever the order of the calls; (2) packet ids
// belong to one connection: an acknowledgement for an earlier connection is dropped, the broker sends that message again;
// (3) handlers are attached before the connection begins, or queued messages of a persistent session would be lost; (4) no more
// than `inFlight` messages and one wait for their acknowledgement. MQTT 5's Receive Maximum asks the broker for that, but 3.1.1 has
// none and Mosquitto 2.0.11 goes beyond it after the first acknowledgement: then reading stops until some are acknowledged.
// The library is pinned to an exact version; tests/acknowledge.test.ts holds all this against a real Mosquitto.

import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient, type Packet } from 'mqtt';
import { LantianError, reasonOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { SECOND } from '../core/time.ts';

export interface BrokerOptions {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Paths of PEM files. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** 5, or 4 for MQTT 3.1.1. */
  readonly protocol: number;
  readonly clientId: string;
  readonly inFlight: number;
  /** ms */
  readonly keepalive: number;
  /** How long the broker keeps our session while we are away, ms. */
  readonly session: number;
}

export interface ReceivedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** 0: the broker sends it once and forgets it; nobody waits for an acknowledgement. */
  readonly qos: 0 | 1;
  /** Call once, when the message is durable. */
  acknowledge(): void;
}

export interface BrokerClient {
  readonly url: string;
  connected(): boolean;
  /** When the present connection began, epoch ms; undefined while there is none. */
  since(): number | undefined;
  lastError(): string | undefined;
  /**
   * Resolves when the broker has taken it (PUBACK). Rejects while there is no connection, and when it ends before the answer; the
   * broker may have taken it then, or get it from the library again.
   */
  publish(topic: string, payload: string, options: { qos: 0 | 1; retain: boolean }): Promise<void>;
  end(): Promise<void>;
}

export interface ClientHooks {
  readonly topics: readonly string[];
  readonly log: Log;
  readonly now: () => number;
  message(message: ReceivedMessage): void;
  /** Subscribed; whether the broker still had our session. If not, it may have lost what was retained, too. */
  connected(resumed: boolean): void;
}

/** A PUBACK that says success, of either version: its type, its remaining length, the packet's id. */
const PUBACK = 0x4002;

/** In one piece: some thousands of pieces in one write end a busy connection with EINVAL. */
const pubacks = (messageIds: readonly number[]): Buffer => {
  const frames = Buffer.alloc(messageIds.length * 4);
  messageIds.forEach((messageId, i) => {
    frames.writeUInt16BE(PUBACK, i * 4);
    frames.writeUInt16BE(messageId, i * 4 + 2);
  });
  return frames;
};

/** Sends PUBACKs of one connection in order of arrival, those of one commit in one write to the socket. */
const createSequence = (inFlight: number, send: (messageIds: readonly number[]) => void) => {
  let epoch = 0;
  let waiting: { messageId: number; done: boolean }[] = [];
  let goOn: (() => void) | undefined;
  let due = false;
  const sendReady = (): void => {
    due = false;
    let ready = 0;
    while (waiting[ready]?.done) ready++;
    if (ready > 0) send(waiting.splice(0, ready).map(({ messageId }) => messageId));
    if (goOn === undefined || waiting.length > inFlight) return;
    const read = goOn;
    goOn = undefined;
    read();
  };
  return {
    /** The connection ended or a new one began: nothing of the old one can be acknowledged any more. */
    restart: (): void => {
      epoch++;
      waiting = [];
      goOn = undefined;
    },
    /** Whether reading waits for acknowledgements. */
    held: (): boolean => goOn !== undefined,
    /** Calls back when the next packet may be read. */
    room: (read: () => void): void => {
      if (waiting.length > inFlight) goOn = read;
      else read();
    },
    /** A message came; the function says that it is durable. */
    expect: (messageId: number): (() => void) => {
      const entry = { messageId, done: false };
      const at = epoch;
      waiting.push(entry);
      return () => {
        entry.done = true;
        if (at !== epoch || due) return;
        due = true;
        queueMicrotask(sendReady);
      };
    },
  };
};

/** The PEM files of TLS, read and understood. @throws LantianError config-invalid */
const secretsOf = (options: BrokerOptions): Pick<IClientOptions, 'ca' | 'cert' | 'key'> => {
  const named = (['ca', 'cert', 'key'] as const).filter((setting) => options[setting] !== undefined);
  const wrong = (settings: readonly string[], thrown: unknown): LantianError => {
    const where = settings.map((setting) => `mqtt.${setting} ${options[setting as 'ca']}`).join(', ');
    const words = `${where} (broker ${options.url}) cannot be used: ${reasonOf(thrown)}`;
    return new LantianError('config-invalid', words, { cause: thrown });
  };
  const read = (setting: 'ca' | 'cert' | 'key'): [string, Buffer] => {
    try {
      return [setting, readFileSync(options[setting]!)];
    } catch (thrown) {
      throw wrong([setting], thrown);
    }
  };
  const secrets = Object.fromEntries(named.map(read));
  try {
    createSecureContext(secrets);
  } catch (thrown) {
    throw wrong(named, thrown);
  }
  return secrets;
};

const nothing = (): void => {};

const clientOptions = (options: BrokerOptions): IClientOptions => {
  const five = options.protocol === 5;
  return {
    clientId: options.clientId,
    protocolVersion: five ? 5 : 4,
    clean: false,
    keepalive: Math.round(options.keepalive / SECOND),
    reconnectPeriod: SECOND,
    // A broker that says no (a wrong password, or it is only starting) is asked again, like one that is away.
    reconnectOnConnackError: true,
    connectTimeout: 10 * SECOND,
    resubscribe: false,
    manualConnect: true,
    queueQoSZero: false,
    // Its own talk, which nobody hears unless DEBUG asks for it, is several calls a message.
    ...(process.env['DEBUG'] === undefined ? { log: nothing } : {}),
    ...(five
      ? {
          properties: {
            receiveMaximum: Math.min(options.inFlight, 65_535),
            sessionExpiryInterval: Math.round(options.session / SECOND),
          },
        }
      : {}),
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...secretsOf(options),
  };
};

/** A broker that does not answer our farewell is left after this time, ms. */
const PATIENCE = 2 * SECOND;

/**
 * The library ends a connection when a ping is not answered within half the keepalive. Behind a backlog the answer comes later than
 * that, and while reading waits it cannot be seen: then every message is a sign of life, and the broker gets its pings.
 */
const keepAlive = (client: MqttClient, keepalive: number, held: () => boolean): void => {
  if (keepalive === 0) return;
  let heard = false;
  client.on('packetreceive', ({ cmd }) => {
    if (cmd === 'publish') heard = true;
  });
  const beat = setInterval(() => {
    if (client.connected && (heard || held())) {
      client.sendPing();
      client.reschedulePing(true);
    }
    heard = false;
  }, keepalive / 3);
  client.on('end', () => clearInterval(beat));
};

const attach = (
  client: MqttClient,
  { inFlight, keepalive }: BrokerOptions,
  hooks: ClientHooks,
  note: (thrown: unknown) => void,
): void => {
  const sequence = createSequence(inFlight, (messageIds) => {
    // While there is no connection the library would keep them for the next one.
    if (!client.connected) return;
    client.stream.write(pubacks(messageIds));
  });
  client.on('close', sequence.restart);
  client.handleMessage = (_packet, done) => sequence.room(done);
  keepAlive(client, keepalive, sequence.held);
  /** The acknowledgement of the packet that the library is delivering just now. */
  let acknowledge = nothing;
  let qos: 0 | 1 = 0;
  client.on('packetreceive', (packet: Packet) => {
    if (packet.cmd === 'connack') sequence.restart();
    if (packet.cmd !== 'publish') return;
    const publish = packet as IPublishPacket;
    qos = publish.qos === 1 ? 1 : 0;
    acknowledge = qos === 1 ? sequence.expect(publish.messageId!) : nothing;
    publish.qos = 0;
  });
  client.on('message', (topic, payload) => {
    const done = acknowledge;
    acknowledge = nothing;
    hooks.message({ topic, payload, qos, acknowledge: done });
  });
  client.on('connect', ({ sessionPresent }) => {
    // Subscribing again mends a session that the broker has lost. Retained messages come with a new subscription only (MQTT 5,
    // 3.8.3.1, Retain Handling): sent again at each connection, an old reading would undo its correction.
    client.subscribe([...hooks.topics], { qos: 1, rh: 1 }, (thrown) => {
      if (thrown) note(thrown);
      else hooks.connected(sessionPresent);
    });
  });
  client.on('error', note);
};

/** Publishes that are answered, or given up when the connection ends: the caller sends them again. */
const createPublishing = (client: MqttClient) => {
  const underWay = new Set<() => void>();
  client.on('close', () => {
    for (const giveUp of underWay) giveUp();
  });
  const publish: BrokerClient['publish'] = async (topic, payload, how) => {
    if (!client.connected) throw new Error('no connection');
    let giveUp = nothing;
    const ended = new Promise<never>((_, reject) => {
      giveUp = () => reject(new Error('the connection ended before the broker answered'));
      underWay.add(giveUp);
    });
    try {
      await Promise.race([client.publishAsync(topic, payload, how), ended]);
    } finally {
      underWay.delete(giveUp);
    }
  };
  return { publish, underWay: () => underWay.size };
};

/**
 * Connect to a broker and stay connected. Messages come as soon as the session is there.
 * @throws LantianError config-invalid: a file of TLS
 */
export const connectBroker = (options: BrokerOptions, hooks: ClientHooks): BrokerClient => {
  const client = mqtt.connect(options.url, clientOptions(options));
  let since: number | undefined;
  let lastError: string | undefined;
  const note = (thrown: unknown): void => {
    const error = reasonOf(thrown) || (thrown as { code?: string }).code || 'no connection';
    if (error !== lastError)
      hooks.log.warn({ broker: options.url, error }, 'the broker cannot be reached; trying again');
    lastError = error;
  };
  attach(client, options, hooks, note);
  const publishing = createPublishing(client);
  client.on('connect', () => {
    [since, lastError] = [hooks.now(), undefined];
  });
  client.on('close', () => {
    since = undefined;
  });
  client.connect();
  return {
    url: options.url,
    connected: () => client.connected,
    since: () => since,
    lastError: () => lastError,
    publish: publishing.publish,
    end: async () => {
      const late = setTimeout(() => client.stream.destroy(), PATIENCE);
      // The library would wait for the answer to a publish, without end.
      await client.endAsync(!client.connected || publishing.underWay() > 0);
      clearTimeout(late);
    },
  };
};
