// Devices of the field for tests: a serial line (a pseudo-terminal) and a Modbus/TCP device, both as a gateway meets them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import Modbus from 'jsmodbus';
import { afterAll } from 'vitest';
import { findProgram, freePort } from './servers.ts';

const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends.splice(0)) end();
});

export interface SerialLine {
  /** The device file that is opened as a serial port. */
  readonly path: string;
  /** What the other side sends. */
  send(text: string): void;
}

// Raw from the begin: a terminal would echo and change the ends of lines.
const PTY = [
  'import os, pty, sys, tty',
  'master, slave = pty.openpty()',
  'tty.setraw(slave)',
  'print(os.ttyname(slave), flush=True)',
  'for part in iter(lambda: os.read(0, 4096), b""): os.write(master, part)',
].join('\n');

/** A pseudo-terminal, held open by a small Python program until the test file ends. */
export const openSerialLine = async (): Promise<SerialLine> => {
  const child = spawn(findProgram('python3', 'python3'), ['-c', PTY], { stdio: ['pipe', 'pipe', 'inherit'] });
  ends.push(() => child.kill());
  const [path] = (await once(child.stdout, 'data')) as [Buffer];
  return { path: path.toString().trim(), send: (text) => child.stdin.write(text) };
};

export interface ModbusDevice {
  readonly port: number;
  /** Its registers, two bytes each, big-endian. */
  readonly holding: Buffer;
  readonly input: Buffer;
  /** Connections that are open. */
  readonly connections: () => number;
  /** Take requests and answer none, or go on. */
  mute(silent: boolean): void;
  stop(): Promise<void>;
}

/** A Modbus/TCP device of 200 registers of each kind on a free port of loopback. */
export const startModbusDevice = async (): Promise<ModbusDevice> => {
  const [holding, input] = [Buffer.alloc(400), Buffer.alloc(400)];
  const server = createServer();
  const sockets = new Set<Socket>();
  let silent = false;
  server.on('connection', (socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  new Modbus.server.TCP(server, { holding, input });
  // After the one that reads requests.
  server.on('connection', (socket: Socket) => {
    if (silent) socket.removeAllListeners('data').resume();
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  ends.push(() => void stop());
  return {
    port,
    holding,
    input,
    connections: () => sockets.size,
    mute: (next) => {
      silent = next;
    },
    stop,
  };
};
