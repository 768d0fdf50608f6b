// Registers as numbers: which stretches are read, and what the words say.
import { feeds } from '../../../sensors/feeds/index.ts';
import { tidy } from '../../../src/core/round.ts';
import type { Feed } from '../../../src/core/types.ts';
import { type Device, type Register, WIDTH } from './modbus-map.ts';

/** Registers that one request reads. */
export interface Stretch {
  readonly function: 3 | 4;
  readonly address: number;
  readonly count: number;
}

/** Registers that one request may ask for (MODBUS Application Protocol 1.1b3, 6.3 and 6.4). */
const MOST = 125;

/** As few requests as may be, of what is in the map alone: a device may refuse to read a register that it does not have. */
export const stretchesOf = (registers: readonly Register[]): Stretch[] => {
  const sorted = [...registers].sort((a, b) => a.function - b.function || a.address - b.address);
  const stretches: { function: 3 | 4; address: number; count: number }[] = [];
  for (const { function: code, address, type } of sorted) {
    const last = stretches.at(-1);
    const end = address + WIDTH[type];
    if (last?.function === code && address <= last.address + last.count && end - last.address <= MOST)
      last.count = Math.max(last.count, end - last.address);
    else stretches.push({ function: code, address, count: WIDTH[type] });
  }
  return stretches;
};

/** The raw number in two or four bytes. */
const rawOf = (bytes: Buffer, { type, order }: Register): number => {
  if (type === 'int16') return bytes.readInt16BE();
  if (type === 'uint16') return bytes.readUInt16BE();
  const words = order === 'big' ? bytes : Buffer.concat([bytes.subarray(2, 4), bytes.subarray(0, 2)]);
  if (type === 'int32') return words.readInt32BE();
  return type === 'uint32' ? words.readUInt32BE() : words.readFloatBE();
};

/** A 32-bit float is told with the seven digits that it has. */
const numberOf = (raw: number, { type }: Register): number => (type === 'float32' ? Number(raw.toPrecision(7)) : raw);

export interface Measured {
  /** In the feed's units; what means "not measured" is absent. */
  readonly values: Record<string, number>;
  /** Registers left out, and why. */
  readonly wrong: readonly { readonly reason: 'out-of-range'; readonly detail: string }[];
}

/** Bytes of a register, where they were read. */
export type Bytes = (register: Register) => Buffer;

/** What a device's registers say. One that is outside its quantity's range is left out and told; the others stand. */
export const measuredBy = ({ feed, registers }: Pick<Device, 'feed' | 'registers'>, bytes: Bytes): Measured => {
  const values: Record<string, number> = {};
  const wrong: { reason: 'out-of-range'; detail: string }[] = [];
  for (const register of registers) {
    const { quantity, address, factor, offset, missing } = register;
    const raw = numberOf(rawOf(bytes(register), register), register);
    if (missing.includes(raw)) continue;
    const value = tidy(raw * factor + offset);
    const { least, most, unit } = feeds[feed as Feed].quantities[quantity]!;
    if (value >= least && value <= most) values[quantity] = value;
    else
      wrong.push({
        reason: 'out-of-range',
        detail: `寄存器 register ${address}: ${quantity} ${value} is not within ${least} to ${most} ${unit} (raw ${raw})`,
      });
  }
  return { values, wrong };
};
