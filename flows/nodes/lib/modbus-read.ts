// One poll of a device: a connection, its registers, the end. A connection of its own for each poll needs no care for
// half-open sockets, and leaves the device's few places free for others in between.
import { Socket } from 'node:net';
import Modbus from 'jsmodbus';
import { LantianError, reasonOf } from '../../../src/core/errors.ts';
import { type Device, WIDTH } from './modbus-map.ts';
import { type Bytes, type Stretch, stretchesOf } from './modbus-registers.ts';

const opened = (socket: Socket, { host, port, timeout }: Device): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.setTimeout(timeout, () => socket.destroy(new Error(`no connection within ${timeout} ms`)));
    socket.connect({ host, port }, () => {
      socket.setTimeout(0);
      resolve();
    });
  });

/** jsmodbus rejects with an object of its own, which names the exception of the device. */
const wordsOf = (thrown: unknown): string => {
  const { err, message, response } = thrown as {
    err?: string;
    message?: string;
    response?: { body?: { message?: string } };
  };
  return err === undefined ? reasonOf(thrown) : [err, response?.body?.message ?? message].filter(Boolean).join(': ');
};

const failure = ({ host, port, unit }: Device, thrown: unknown): LantianError =>
  new LantianError('device-silent', `Modbus ${host}:${port} 从站 unit ${unit}: ${wordsOf(thrown)}`, { cause: thrown });

const readStretch = async (client: InstanceType<typeof Modbus.client.TCP>, stretch: Stretch): Promise<Buffer> => {
  const { address, count } = stretch;
  const asked =
    stretch.function === 3 ? client.readHoldingRegisters(address, count) : client.readInputRegisters(address, count);
  const { valuesAsBuffer } = (await asked).response.body;
  if (valuesAsBuffer.length !== 2 * count) throw new Error(`${valuesAsBuffer.length} bytes in place of ${2 * count}`);
  return valuesAsBuffer;
};

/**
 * Read a device's registers, one request after the other.
 * @throws LantianError device-silent: no connection, no answer in time, or an exception
 */
export const readDevice = async (device: Device): Promise<Bytes> => {
  const socket = new Socket();
  // It must see the socket connect. Later errors of the socket reach us as the rejection of what is asked.
  const client = new Modbus.client.TCP(socket, device.unit, device.timeout);
  socket.on('error', () => {});
  try {
    await opened(socket, device);
    const read: { stretch: Stretch; bytes: Buffer }[] = [];
    for (const stretch of stretchesOf(device.registers))
      read.push({ stretch, bytes: await readStretch(client, stretch) });
    return ({ function: code, address, type }) => {
      const { stretch, bytes } = read.findLast(({ stretch: one }) => one.function === code && one.address <= address)!;
      return bytes.subarray(2 * (address - stretch.address), 2 * (address - stretch.address + WIDTH[type]));
    };
  } catch (thrown) {
    throw failure(device, thrown);
  } finally {
    socket.destroy();
  }
};
