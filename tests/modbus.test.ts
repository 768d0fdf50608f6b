// Registers as numbers, and a device read over a real connection.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Device, readModbusMap } from '../flows/nodes/lib/modbus-map.ts';
import { readDevice } from '../flows/nodes/lib/modbus-read.ts';
import { measuredBy, stretchesOf } from '../flows/nodes/lib/modbus-registers.ts';
import { LantianError } from '../src/core/errors.ts';
import { startModbusDevice } from './support/field.ts';
import { tempFolder } from './support/servers.ts';
import { catalog } from './support/simulated.ts';

const mapOf = (yaml: string): readonly Device[] => {
  const file = join(tempFolder('modbus'), 'map.yaml');
  writeFileSync(file, yaml);
  return readModbusMap(file, catalog);
};

const one = (registers: string, host = 'host: 127.0.0.1'): Device =>
  mapOf(`devices: [ { station: dingchang-air, feed: air, ${host}, registers: [ ${registers} ] } ]`)[0]!;

const mistakesOf = (yaml: string): readonly string[] => {
  try {
    mapOf(yaml);
  } catch (thrown) {
    if (thrown instanceof LantianError && thrown.code === 'mapping-invalid') return thrown.details;
    throw thrown;
  }
  return [];
};

/** What registers of these hexadecimal words, from address 0, say. */
const measured = (registers: string, words: string) => {
  const bytes = Buffer.from(words.replaceAll(' ', ''), 'hex');
  return measuredBy(one(registers), ({ address, type }) =>
    bytes.subarray(2 * address, 2 * address + (type.endsWith('16') ? 2 : 4)),
  );
};

test('words become numbers by type and order, then the factor and the offset', () => {
  expect(measured('{ quantity: pm25, address: 0, type: uint16, factor: 0.1 }', '015f').values).toEqual({ pm25: 35.1 });
  expect(measured('{ quantity: so2, address: 1, type: int16, offset: 100 }', '0000 fff6').values).toEqual({ so2: 90 });
  expect(measured('{ quantity: pm10, address: 0, type: int32 }', '0000 0096').values).toEqual({ pm10: 150 });
  expect(measured('{ quantity: pm10, address: 0, type: uint32, order: little }', '0096 0000').values).toEqual({
    pm10: 150,
  });
  // IEEE 754: 3f4c cccd is 0.8, 42f6 e979 is 123.456.
  expect(measured('{ quantity: co, address: 0, type: float32 }', '3f4c cccd').values).toEqual({ co: 0.8 });
  expect(measured('{ quantity: o3, address: 0, type: float32, order: little }', 'e979 42f6').values).toEqual({
    o3: 123.456,
  });
});

test('what means "not measured" is absent; what is out of range or no number is told, and the others stand', () => {
  const found = measured(
    `{ quantity: pm25, address: 0, type: uint16, missing: [65535] }, { quantity: pm10, address: 1, type: uint16 },
     { quantity: co, address: 2, type: float32 }, { quantity: so2, address: 4, type: uint16, factor: 10 }`,
    'ffff 0019 7fc0 0000 ffff',
  );
  expect(found.values).toEqual({ pm10: 25 });
  expect(found.wrong.map(({ reason }) => reason)).toEqual(['out-of-range', 'out-of-range']);
  expect(found.wrong[0]?.detail).toMatch(/register 2: co NaN is not within/);
  expect(found.wrong[1]?.detail).toMatch(/register 4: so2 655350 is not within .* µg\/m³ \(raw 65535\)/);
});

test('one request reads what lies side by side, at most 125 registers, and never one that is not in the map', () => {
  const at = (address: number, type: 'int16' | 'float32', code: 3 | 4 = 3) =>
    ({ address, type, function: code }) as never;
  expect(stretchesOf([at(4, 'float32'), at(0, 'int16'), at(6, 'int16'), at(0, 'int16', 4), at(8, 'int16')])).toEqual([
    { function: 3, address: 0, count: 1 },
    { function: 3, address: 4, count: 3 },
    { function: 3, address: 8, count: 1 },
    { function: 4, address: 0, count: 1 },
  ]);
  const long = Array.from({ length: 70 }, (_, place) => at(2 * place, 'float32'));
  expect(stretchesOf(long).map(({ address, count }) => [address, count])).toEqual([
    [0, 124],
    [124, 16],
  ]);
});

test('the example of a register map is right', () => {
  expect(readModbusMap('flows/modbus.example.yaml', catalog).map(({ station }) => station)).toEqual([
    'dingchang-air',
    'dingchang-weather',
  ]);
});

test('every mistake of a register map is told at its line', () => {
  const found = mistakesOf(`devices:
  - station: nowhere
    feed: air
    host: 10.0.0.1
    registers: [ { quantity: pm25, address: 0, type: uint16 } ]
  - station: dingchang-air
    feed: weather
    host: 10.0.0.1
    registers:
      - { quantity: pm25, address: 0, type: uint16 }
      - { quantity: rain, address: 65535, type: float32 }
      - { quantity: rain, address: 2, type: int16 }
`);
  expect(found.join('\n')).toMatch(/:2:\d+ devices\[?\.?0\]?\.station: no station nowhere/);
  expect(found.join('\n')).toMatch(/dingchang-air does not report weather/);
  expect(found.join('\n')).toMatch(/weather has no quantity pm25/);
  expect(found.join('\n')).toMatch(/reaches beyond register 65535/);
  expect(found.join('\n')).toMatch(/rain stands here twice/);
  expect(
    mistakesOf(
      'devices: [ { station: dingchang-air, feed: air, host: a, registers: [ { quantity: pm25, address: 0, type: double } ] } ]',
    ),
  ).toHaveLength(1);
});

test('a device is read over a real connection, and what keeps it from answering is named', async () => {
  const device = await startModbusDevice();
  device.holding.writeUInt16BE(351, 2);
  device.input.writeFloatBE(0.8, 20);
  const registers = `{ quantity: pm25, address: 1, type: uint16, factor: 0.1 }, { quantity: co, function: 4, address: 10, type: float32 }`;
  const reachable = one(registers, `host: 127.0.0.1, port: ${device.port}, timeout: 0.3`);
  expect(measuredBy(reachable, await readDevice(reachable)).values).toEqual({ pm25: 35.1, co: 0.8 });

  const beyond = one('{ quantity: pm25, address: 5000, type: uint16 }', `host: 127.0.0.1, port: ${device.port}`);
  await expect(readDevice(beyond)).rejects.toMatchObject({
    code: 'device-silent',
    message: expect.stringMatching(/0 bytes in place of 2/),
  });
  device.mute(true);
  await expect(readDevice(reachable)).rejects.toMatchObject({
    code: 'device-silent',
    message: expect.stringMatching(/Timeout/),
  });
  device.mute(false);
  expect(measuredBy(reachable, await readDevice(reachable)).values).toEqual({ pm25: 35.1, co: 0.8 });
  await device.stop();
  await expect(readDevice(reachable)).rejects.toMatchObject({
    code: 'device-silent',
    message: expect.stringMatching(/ECONNREFUSED/),
  });
});

test('the exception of a device is told by its name', async () => {
  // Whatever is asked, "illegal data address": the request's transaction and unit, function 3 with its high bit, code 2.
  const server = createServer((socket) => {
    socket.on('data', (asked) => socket.write(Buffer.from([asked[0]!, asked[1]!, 0, 0, 0, 3, asked[6]!, 0x83, 0x02])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(
    readDevice(one('{ quantity: pm25, address: 0, type: uint16 }', `host: 127.0.0.1, port: ${port}`)),
  ).rejects.toThrow(/ModbusException.*illegal data address/i);
  await new Promise((resolve) => server.close(resolve));
});
