// The outbox and the sender of the gateway, whatever the one who sends drops.
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOutbox, OutboxFull } from '../flows/nodes/lib/outbox.ts';
import { createSender, type Sending, type Waiting } from '../flows/nodes/lib/sender.ts';
import { openDatabase } from '../src/core/sqlite.ts';
import { tempFolder } from './support/servers.ts';

const damaged = (aside: string): void => {
  throw new Error(aside);
};
const message = (number: number) => ({ topic: 't', payload: String(number) });
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** A queue in memory, a clock that is set, and a wire that keeps what is handed to it until it is told to deliver. */
const createRig = (count: number, window = 4) => {
  const waiting: Waiting[] = numbers(1, count).map((id) => ({ id, ...message(id) }));
  const wire: Sending[] = [];
  const sent: number[] = [];
  const arrived: number[] = [];
  let now = 0;
  const sender = createSender({
    queue: {
      after: (id, most) => waiting.filter((one) => one.id > id).slice(0, most),
      remove: (id) => void waiting.splice(0, waiting.findIndex((one) => one.id === id) + 1),
    },
    send: ({ id }, sending) => {
      sent.push(id);
      wire.push(sending);
    },
    window,
    patience: 1000,
    now: () => now,
  });
  /** The first that is on the wire reaches the broker, and its acknowledgement reaches us, or not. */
  const deliver = (acknowledge = true): void => {
    const sending = wire.shift();
    if (sending === undefined) return;
    arrived.push(sending.id);
    if (acknowledge) sender.acknowledged(sending);
  };
  return { sender, waiting, wire, sent, arrived, deliver, pass: (time: number) => (now += time) };
};

test('all is sent in order, no more than the window at a time', () => {
  const rig = createRig(10);
  rig.sender.more();
  expect(rig.sent).toEqual([1, 2, 3, 4]);
  while (rig.wire.length > 0) {
    expect(rig.wire.length).toBeLessThanOrEqual(4);
    rig.deliver();
  }
  expect(rig.arrived).toEqual(numbers(1, 10));
  expect(rig.waiting).toEqual([]);
});

test('an acknowledgement of a later one says that those before it were dropped: they are sent again, in order', () => {
  const rig = createRig(4);
  rig.sender.more();
  rig.wire.splice(0, 2);
  while (rig.wire.length > 0) rig.deliver();
  expect(rig.arrived.slice(-4)).toEqual([1, 2, 3, 4]);
  expect(rig.waiting).toEqual([]);
});

test('while nothing is acknowledged one message knocks, each time patience ran out', () => {
  const rig = createRig(8);
  rig.sender.more();
  for (let knock = 0; knock < 5; knock++) {
    rig.wire.splice(0);
    rig.pass(1000);
    rig.sender.tick();
    rig.sender.tick();
    expect(rig.wire.map(({ id }) => id)).toEqual([1]);
    expect(rig.sender.silent).toBe(true);
  }
  expect(rig.sent).toHaveLength(4 + 5);
  while (rig.wire.length > 0) rig.deliver();
  expect(rig.arrived).toEqual(numbers(1, 8));
  expect(rig.sender.silent).toBe(false);
});

test('whatever is dropped, repeated or late, every message arrives, and a later one never before the last arrival of one before it', () => {
  const step = fc.constantFrom('deliver', 'unheard', 'drop', 'wait');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 12 }), (steps, count) => {
      const rig = createRig(count);
      rig.sender.more();
      for (const what of steps) {
        if (what === 'deliver') rig.deliver();
        else if (what === 'unheard') rig.deliver(false);
        else if (what === 'drop') rig.wire.shift();
        else rig.pass(1000);
        rig.sender.tick();
        rig.sender.more();
      }
      for (let round = 0; rig.waiting.length > 0 && round < 100; round++) {
        while (rig.wire.length > 0) rig.deliver();
        rig.pass(1000);
        rig.sender.tick();
      }
      expect(rig.waiting).toEqual([]);
      // Copies that are still under way arrive as well.
      while (rig.wire.length > 0) rig.deliver();
      const last = numbers(1, count).map((id) => rig.arrived.lastIndexOf(id));
      // What was taken out of the queue had arrived, and the last arrivals are in order.
      expect(last).not.toContain(-1);
      expect([...last].sort((a, b) => a - b)).toEqual(last);
    }),
  );
});

test('the outbox keeps what was put into it over a restart, all of a batch or none, and takes no more than it may hold', () => {
  const file = join(tempFolder('outbox'), 'outbox.db');
  const outbox = createOutbox(openDatabase(file, damaged), 5);
  outbox.put([message(1), message(2), message(3)]);
  expect(() => outbox.put([message(4), message(5), message(6)])).toThrow(OutboxFull);
  outbox.put([message(4)]);
  expect(() => outbox.put([{ topic: 't', payload: null as never }])).toThrow();
  expect(outbox.size).toBe(4);
  outbox.remove(outbox.after(0, 1)[0]!.id);
  expect(outbox.after(0, 10).map(({ payload }) => payload)).toEqual(['2', '3', '4']);
  outbox.close();

  const again = createOutbox(openDatabase(file, damaged), 5);
  expect(again.size).toBe(3);
  expect(again.after(0, 2).map(({ payload }) => payload)).toEqual(['2', '3']);
  for (const { id } of again.after(0, 10)) again.remove(id);
  again.put([message(7)]);
  // An id is never given twice: a late acknowledgement must not take another message out.
  expect(again.after(0, 10).map(({ id }) => id)).toEqual([5]);
  again.close();
});
