// Our own broker, for a county that has none. Every message under lantian/v1/ is journalled before the broker goes on with it, so
// that its publisher gets the PUBACK only for what is durable, and a topic that is almost right is seen in the quarantine; signals
// are ours alone to publish; all other topics pass through. Retained messages live in memory: signals are published again at each
// start.

import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type PublishPacket } from 'aedes';
import { LantianError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { BrokerClient, ReceivedMessage } from './acknowledge.ts';

export interface EmbeddedBrokerOptions {
  readonly host: string;
  readonly port: number;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly now: () => number;
  readonly log: Log;
  message(message: ReceivedMessage): void;
}

const OURS = 'lantian/v1/';
const SIGNAL = /^lantian\/v1\/[^/]*\/signal(\/|$)/;

const cannotListen = (thrown: NodeJS.ErrnoException, address: string): unknown => {
  const words = `cannot listen on ${address} for MQTT (${thrown.code}); set mqtt.host and mqtt.port to what is free, or mqtt.url to a broker that runs`;
  if (thrown.code === 'EADDRINUSE') return new LantianError('port-taken', words, { cause: thrown });
  const wrong = ['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL', 'EAFNOSUPPORT'];
  return wrong.includes(thrown.code ?? '') ? new LantianError('config-invalid', words, { cause: thrown }) : thrown;
};

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (thrown) => reject(cannotListen(thrown, `${host}:${port}`)));
    server.listen(port, host, resolve);
  });

/** Start the broker. @throws LantianError port-taken, config-invalid */
export const startEmbeddedBroker = async (options: EmbeddedBrokerOptions): Promise<BrokerClient> => {
  const broker = await Aedes.createBroker({
    // Publishes of one client wait for the commit together; the default of 100 would make small groups.
    concurrency: 1000,
    maxClientsIdLength: 128,
    authenticate: (_client, username, password, done) => {
      const open = options.username === undefined && options.password === undefined;
      done(null, open || (username === options.username && password?.toString() === options.password));
    },
    authorizePublish: (client, packet: PublishPacket, done) => {
      if (!packet.topic.startsWith(OURS)) return done(null);
      if (SIGNAL.test(packet.topic)) {
        options.log.warn(
          { client: client?.id, topic: packet.topic },
          'a client may not publish signals; it is disconnected',
        );
        // MQTT 3.1.1 (3.3.5) has no other way to say no.
        return done(new Error('only lantian publishes signals'));
      }
      const payload = Buffer.from(packet.payload as Buffer);
      // All wait for the journal, QoS 0 too: the client is not read on meanwhile.
      options.message({ topic: packet.topic, payload, qos: 1, acknowledge: () => done(null) });
    },
  });
  const sockets = new Set<Socket>();
  // Without noDelay small acknowledgements wait for the peer's delayed TCP ACK: 40 ms a round instead of one.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  try {
    await listen(server, options.host, options.port);
  } catch (thrown) {
    // Its timers would keep the process from ending.
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    throw thrown;
  }
  const { port } = server.address() as { port: number };
  const since = options.now();
  return {
    url: `mqtt://${options.host}:${port}`,
    connected: () => server.listening,
    since: () => since,
    lastError: () => undefined,
    publish: (topic, payload, { qos, retain }) =>
      new Promise((resolve, reject) => {
        broker.publish({ cmd: 'publish', topic, payload, qos, retain, dup: false }, (thrown) =>
          thrown ? reject(thrown) : resolve(),
        );
      }),
    end: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
