import { expect, test } from 'vitest';
import { loadSettings } from '../src/config/load.ts';
import { silentLog } from '../src/core/log.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/core/time.ts';
import type { BrokerClient } from '../src/intake/acknowledge.ts';
import { createTicker } from '../src/intake/ticker.ts';

const NOW = Date.parse('2026-07-20T08:00:00+08:00');
const settings = loadSettings({ env: {} });

/** A clock that can be set, one that cannot, and brokers that come and go. */
const world = (lastTick = NOW - 3 * MINUTE) => {
  const it = {
    wall: NOW,
    steady: 0,
    lastTick,
    newest: NOW,
    backlog: Number.NEGATIVE_INFINITY,
    sinces: [NOW - HOUR] as (number | undefined)[],
  };
  const client = (i: number): BrokerClient => ({
    url: `mqtt://${i}`,
    connected: () => it.sinces[i] !== undefined,
    since: () => it.sinces[i],
    lastError: () => undefined,
    publish: async () => {},
    end: async () => {},
  });
  const ticker = createTicker({
    settings,
    log: silentLog,
    now: () => it.wall,
    steady: () => it.steady,
    clients: () => it.sinces.map((_, i) => client(i)),
    lastTick: () => it.lastTick,
    backlogAt: () => it.backlog,
    newestReading: () => it.newest,
    reloadedAt: () => Number.NEGATIVE_INFINITY,
  });
  /** Let time pass second by second; the ticks that came. */
  const pass = (time: number, each: () => void = () => {}) => {
    const ticks = [];
    for (const end = it.steady + time; it.steady < end; it.steady += SECOND, it.wall += SECOND) {
      each();
      const tick = ticker.due();
      if (tick) ticks.push(tick);
    }
    return ticks;
  };
  return { it, pass };
};

test('a tick a minute, two minutes behind the clock, each once', () => {
  const { it, pass } = world();
  const ticks = pass(5 * MINUTE, () => (it.newest = it.wall));
  expect(ticks.map(({ time }) => time - NOW)).toEqual([-2, -1, 0, 1, 2].map((minutes) => minutes * MINUTE));
  expect(ticks.every(({ settled, listeningSince }) => settled && listeningSince === NOW - HOUR)).toBe(true);
});

test('none while a backlog is read after a connection, though not for ever', () => {
  const { it, pass } = world();
  it.sinces = [NOW];
  const ticks = pass(20 * MINUTE, () => (it.backlog = it.wall));
  expect(ticks[0]!.time).toBe(NOW + 8 * MINUTE);
});

test('none while the clock has leapt a year ahead and readings go on as before', () => {
  const { it, pass } = world();
  it.wall += 365 * DAY;
  expect(pass(2 * HOUR, () => ([it.newest, it.backlog] = [it.wall - 365 * DAY, it.wall]))).toEqual([]);
  it.wall -= 365 * DAY;
  expect(pass(2 * MINUTE, () => (it.newest = it.wall)).length).toBeGreaterThan(0);
});

test('after days without power the first reading of today lets the clock go on', () => {
  const { it, pass } = world(NOW - 3 * DAY);
  it.newest = NOW - 3 * DAY;
  expect(pass(5 * MINUTE)).toEqual([]);
  it.newest = NOW + 5 * MINUTE;
  expect(pass(MINUTE)).toHaveLength(1);
});

test('and if no station says anything at all, after a while it goes on all the same', () => {
  const { it, pass } = world(NOW - 3 * DAY);
  it.newest = NOW - 3 * DAY;
  expect(pass(settings.intake.settle + 2 * MINUTE).length).toBeGreaterThan(0);
});

test('a broker that comes and goes does not stop the clock; one that stays away is given up', () => {
  const { it, pass } = world();
  it.sinces = [NOW - HOUR, NOW];
  const flapping = pass(HOUR, () => ([it.newest, it.sinces[1]] = [it.wall, it.wall - (it.steady % (2 * SECOND))]));
  expect(flapping.length).toBeGreaterThan(3);
  it.sinces = [NOW - HOUR, undefined];
  const alone = pass(HOUR, () => (it.newest = it.wall));
  expect(alone[0]!.settled).toBe(false);
  expect(alone.at(-1)!.settled).toBe(true);
});
