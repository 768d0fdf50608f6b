// A wire between a client and a broker that can be cut or lose the answers to pings, and that keeps note of the MQTT packets that passed.
import { createServer, connect as dial, type Server, type Socket } from 'node:net';

export interface Passed {
  /** Counted from 1. */
  readonly connection: number;
  readonly from: 'client' | 'broker';
  /** Packet type of MQTT: 3 is PUBLISH, 4 is PUBACK. */
  readonly type: number;
  /** Packet id of a PUBACK or of a PUBLISH at QoS 1. */
  readonly id: number | undefined;
}

export interface Link {
  readonly port: number;
  /** Lose the answers to pings from now on. */
  pingless: boolean;
  readonly passed: readonly Passed[];
  /** Packet ids of the PUBACKs that left us, of one connection or of all. */
  acknowledged(connection?: number): number[];
  /** Break every connection at once, without a word, and refuse new ones until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

const PINGRESP = 13;

type Note = (packet: Buffer, id: number | undefined) => void;

/** Length of a packet's body and where it begins; undefined while the header is not whole. */
const bodyOf = (bytes: Buffer): { start: number; length: number } | undefined => {
  let length = 0;
  for (let i = 1; i < 5; i++) {
    if (i >= bytes.length) return undefined;
    length += (bytes[i]! & 127) * 128 ** (i - 1);
    if (bytes[i]! < 128) return { start: i + 1, length };
  }
  throw new Error('no MQTT packet');
};

const idOf = (bytes: Buffer, start: number): number | undefined => {
  const type = bytes[0]! >> 4;
  if (type === 4) return bytes.readUInt16BE(start);
  const qos = (bytes[0]! >> 1) & 3;
  return type === 3 && qos > 0 ? bytes.readUInt16BE(start + 2 + bytes.readUInt16BE(start)) : undefined;
};

const reader = (note: Note): ((chunk: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let body = bodyOf(rest); body && rest.length >= body.start + body.length; ) {
      note(rest.subarray(0, body.start + body.length), idOf(rest, body.start));
      rest = rest.subarray(body.start + body.length);
      body = rest.length > 0 ? bodyOf(rest) : undefined;
    }
  };
};

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });

/** A packet that passed, whole. */
export type Watch = (packet: Buffer, passed: Passed) => void;

/** A link to a broker's port; `watch` is told each packet, and then no list of them is kept. */
export const createLink = async (brokerPort: number, watch?: Watch): Promise<Link> => {
  const passed: Passed[] = [];
  const sockets = new Set<Socket>();
  let link: Link;
  let connections = 0;
  let whole = true;
  const join = (client: Socket): void => {
    if (!whole) return void client.destroy();
    const connection = ++connections;
    const broker = dial({ port: brokerPort, host: '127.0.0.1', noDelay: true });
    const carry = (from: Passed['from'], to: Socket) =>
      reader((packet, id) => {
        const type = packet[0]! >> 4;
        const one = { connection, from, type, id };
        if (watch) watch(packet, one);
        else passed.push(one);
        if (type !== PINGRESP || !link.pingless) to.write(packet);
      });
    client.on('data', carry('client', broker));
    broker.on('data', carry('broker', client));
    for (const socket of [client, broker]) {
      sockets.add(socket);
      // One end breaking breaks the other; why does not matter here.
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        broker.destroy();
        sockets.delete(socket);
      });
    }
  };
  const server = createServer({ noDelay: true }, join);
  const port = await listening(server);
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  link = {
    port,
    passed,
    pingless: false,
    acknowledged: (connection) =>
      passed
        .filter((one) => one.from === 'client' && one.type === 4)
        .filter((one) => connection === undefined || one.connection === connection)
        .map(({ id }) => id!),
    cut,
    mend: () => {
      whole = true;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return link;
};
