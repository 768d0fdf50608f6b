import { expect, test } from 'vitest';
import { generate } from '../sensors/simulator/generate.ts';
import { HOUR } from '../src/core/time.ts';
import { FEEDS } from '../src/core/types.ts';
import { decode } from '../src/intake/decode.ts';
import { rules } from '../src/thresholds/index.ts';
import type { Rule } from '../src/thresholds/rule.ts';
import { createShell, settingsOf } from './support/middle.ts';
import { catalog, NOW } from './support/simulated.ts';

// The county through a storm, a heavy-pollution episode, bad water and an emission over its limit, with every rule asked at every reading.
test('at a reading of a feed that a rule does not name it has nothing to say', () => {
  const curve = [{ level: 'blue', effective_rain: 1 }];
  const settings = settingsOf({ geological: { k: 0.5, days: 3, curve, document: '试验', signed_by: '试验' } });
  const named = rules.flatMap(({ kind, feeds }) => feeds.map((feed) => `${kind} ${feed}`));
  const spoken = new Set<string>();
  for (const rule of rules) {
    const { evaluate } = rule;
    const listening: Rule['evaluate'] = (world, trigger) => {
      const said = evaluate(world, trigger);
      if (trigger.kind === 'reading' && said.length > 0) spoken.add(`${rule.kind} ${trigger.reading.feed}`);
      return said;
    };
    Object.assign(rule, { feeds: FEEDS, evaluate: listening });
  }
  const shell = createShell(catalog, settings);
  let tick = NOW - 30 * HOUR;
  for (const { time, topic, payload } of generate(
    catalog,
    'rainstorm,dustfall,heavy-pollution,emission-exceedance,faulty-sensors',
    {
      from: NOW - 30 * HOUR,
      to: NOW + 6 * HOUR,
      seed: 1,
      now: NOW,
    },
  )) {
    for (; tick + HOUR <= time; tick += HOUR) shell.tick(tick + HOUR);
    const decoded = decode(
      { topic, payload: Buffer.from(payload), received: time, retried: undefined },
      catalog,
      settings,
    );
    if ('reading' in decoded) shell.take(decoded.reading);
  }
  expect([...spoken].filter((one) => !named.includes(one))).toEqual([]);
  expect([...spoken].sort()).toEqual([
    'dustfall-assessment dustfall',
    'dustfall-rectification dustfall',
    'emission emission',
    'geological-risk weather',
    'heavy-pollution forecast',
    'station-silent air',
    'station-silent weather',
    'warning-signal weather',
    'water-section water',
    'weather-response forecast',
    'weather-response weather',
  ]);
});
