// What a Modbus/TCP device has where: data, in a YAML file.
import { z } from 'zod';
import { feeds } from '../../../sensors/feeds/index.ts';
import { parseYamlFile } from '../../../src/config/yaml.ts';
import type { Catalog } from '../../../src/core/catalog.ts';
import { LantianError } from '../../../src/core/errors.ts';
import { SECOND } from '../../../src/core/time.ts';
import { FEEDS } from '../../../src/core/types.ts';

/** Registers of 16 bits that a value takes. */
export const WIDTH = { int16: 1, uint16: 1, int32: 2, uint32: 2, float32: 2 } as const;

const register = z.strictObject({
  quantity: z.string(),
  /** 3 reads holding registers, 4 input registers. */
  function: z.union([z.literal(3), z.literal(4)]).default(3),
  /** As in the telegram, from 0: what a manual calls 40001 is address 0 of function 3. */
  address: z.int().min(0).max(65_535),
  type: z.enum(['int16', 'uint16', 'int32', 'uint32', 'float32']),
  /** Which of two registers comes first: the high word (big) or the low one (little). */
  order: z.enum(['big', 'little']).default('big'),
  /** value = raw × factor + offset, in the feed's unit. */
  factor: z.number().default(1),
  offset: z.number().default(0),
  /** Raw numbers that mean: not measured. */
  missing: z.array(z.number()).default([]),
});
export type Register = z.output<typeof register>;

const device = z
  .strictObject({
    station: z.string(),
    feed: z.enum(FEEDS as [string, ...string[]]),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(502),
    unit: z.int().min(0).max(255).default(1),
    /** s, for the connection and for each answer. */
    timeout: z.number().positive().max(60).default(3),
    registers: z.array(register).min(1),
  })
  .transform(({ timeout, ...rest }) => ({ ...rest, timeout: timeout * SECOND }));
/** `timeout` in ms. */
export type Device = z.output<typeof device>;

type Complain = (path: (string | number)[], message: string) => void;

const checkDevice = ({ feed, station, registers }: Device, catalog: Catalog, complain: Complain): void => {
  const { quantities } = feeds[feed as keyof typeof feeds];
  const known = catalog.stations.get(station);
  if (known === undefined) complain(['station'], `no station ${station} in the catalog`);
  else if (!Object.hasOwn(known.feeds, feed)) complain(['feed'], `station ${station} does not report ${feed}`);
  for (const [place, { quantity, address, type }] of registers.entries()) {
    if (!Object.hasOwn(quantities, quantity))
      complain(['registers', place, 'quantity'], `${feed} has no quantity ${quantity}`);
    if (registers.findIndex((other) => other.quantity === quantity) < place)
      complain(['registers', place, 'quantity'], `${quantity} stands here twice`);
    if (address + WIDTH[type] > 65_536) complain(['registers', place, 'address'], 'reaches beyond register 65535');
  }
};

const mapSchema = (catalog: Catalog): z.ZodType<{ readonly devices: readonly Device[] }> =>
  z.strictObject({ devices: z.array(device).min(1) }).superRefine(({ devices }, context) => {
    for (const [place, one] of devices.entries())
      checkDevice(one, catalog, (path, message) =>
        context.addIssue({ code: 'custom', path: ['devices', place, ...path], message }),
      );
  });

/**
 * The devices of a file.
 * @throws LantianError mapping-invalid with every mistake; file-unreadable
 */
export const readModbusMap = (file: string, catalog: Catalog): readonly Device[] => {
  const { value, mistakes } = parseYamlFile(file, mapSchema(catalog));
  if (value !== undefined && mistakes.length === 0) return value.devices;
  throw new LantianError('mapping-invalid', `寄存器表有误 the register map ${file} has mistakes`, {
    details: mistakes,
  });
};
