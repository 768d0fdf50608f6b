import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { clock } from './clock.ts';
import { createAckReader } from './frames.ts';

/** Stands between the pipeline and its broker and notes when each PUBACK of the pipeline passes. */
export const startRelay = async (brokerPort: number) => {
  const times: number[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true }, (client) => {
    const broker = connect({ host: '127.0.0.1', port: brokerPort, noDelay: true });
    sockets.push(client, broker);
    client.pipe(broker);
    broker.pipe(client);
    client.on(
      'data',
      createAckReader(() => times.push(clock())),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    /** Times of all acknowledgements, once there are so many. */
    acknowledged: async (many: number): Promise<readonly number[]> => {
      while (times.length < many) await sleep(5);
      return [...times];
    },
    end: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
