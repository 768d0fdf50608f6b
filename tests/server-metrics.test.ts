import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Counts, noCounts } from '../src/core/counts.ts';
import { createRegistry, METRICS } from '../src/server/metrics.ts';
import { PROBLEMS } from '../src/server/problems.ts';
import { buildServer } from '../src/server/server.ts';
import { busyCounts, partsOf } from './support/parts.ts';

/** Samples of a Prometheus text by name, each with its labels as text. */
const samplesOf = (text: string): Map<string, { labels: string; value: number }[]> => {
  const samples = new Map<string, { labels: string; value: number }[]>();
  for (const line of text.split('\n')) {
    const parts = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (\S+)$/i.exec(line);
    if (!parts) continue;
    const [, name = '', labels = '', value] = parts;
    samples.set(name, [...(samples.get(name) ?? []), { labels, value: Number(value) }]);
  }
  return samples;
};

const sum = (samples: ReturnType<typeof samplesOf>, name: string): number =>
  (samples.get(name) ?? []).reduce((total, sample) => total + sample.value, 0);

const difference = (samples: ReturnType<typeof samplesOf>): number =>
  sum(samples, 'lantian_messages_received_total') -
  sum(samples, 'lantian_messages_outcome_total') -
  sum(samples, 'lantian_messages_in_flight');

describe('/metrics', () => {
  test('is Prometheus text with the conservation identity and the process', async () => {
    const app = await buildServer(partsOf());
    const answer = await app.inject({ url: '/metrics' });
    await app.close();
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const samples = samplesOf(answer.body);
    expect(sum(samples, 'lantian_messages_received_total')).toBe(1000);
    expect(difference(samples)).toBe(0);
    expect(sum(samples, 'lantian_quarantined_total')).toBe(30);
    expect(samples.get('lantian_messages_outcome_total')).toEqual([
      { labels: 'outcome="stored"', value: 900 },
      { labels: 'outcome="duplicate"', value: 50 },
      { labels: 'outcome="quarantined"', value: 30 },
    ]);
    expect(samples.has('process_cpu_user_seconds_total')).toBe(true);
  });

  test('every count reaches its metric', async () => {
    const samples = samplesOf(await createRegistry(busyCounts).metrics());
    for (const metric of METRICS) {
      const of = metric.of(busyCounts());
      const expected = typeof of === 'number' ? of : Object.values(of).reduce((total, value) => total + value, 0);
      expect({ name: metric.name, value: sum(samples, metric.name) }).toEqual({ name: metric.name, value: expected });
      expect(expected).toBeGreaterThan(0);
    }
  });

  test('a scrape shows one instant, however often the counts move', async () => {
    let asked = 0;
    const moving = (): Counts => {
      asked += 1;
      const quarantined = asked % 7;
      return {
        ...noCounts(),
        received: asked * 100,
        outcomes: { stored: asked * 90, duplicate: 0, quarantined },
        inFlight: asked * 10 - quarantined,
      };
    };
    const registry = createRegistry(moving);
    for (let scrape = 1; scrape <= 5; scrape++) {
      const samples = samplesOf(await registry.metrics());
      expect(sum(samples, 'lantian_messages_received_total')).toBe(scrape * 100);
      expect(difference(samples)).toBe(0);
    }
  });

  test('a second scrape shows the counts of its own time, and what is gone is gone', async () => {
    const counts = busyCounts();
    const registry = createRegistry(() => counts);
    await registry.metrics();
    counts.received += 5;
    counts.outcomes.stored += 5;
    counts.outboxPoints = { embedded: 3 };
    const samples = samplesOf(await registry.metrics());
    expect(sum(samples, 'lantian_messages_received_total')).toBe(1005);
    expect(samples.get('lantian_outbox_points')).toEqual([{ labels: 'store="embedded"', value: 3 }]);
  });

  test('several in one process do not disturb one another', async () => {
    const one = createRegistry(() => ({ ...noCounts(), received: 1, inFlight: 1 }));
    const two = createRegistry(() => ({ ...noCounts(), received: 2, inFlight: 2 }));
    expect(sum(samplesOf(await one.metrics()), 'lantian_messages_received_total')).toBe(1);
    expect(sum(samplesOf(await two.metrics()), 'lantian_messages_received_total')).toBe(2);
  });
});

describe('docs/http.md', () => {
  const docs = readFileSync('docs/http.md', 'utf8');
  const rows = [...docs.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)].map((row) => ({
    key: row[1] ?? '',
    cells: (row[2] ?? '').split('|').map((cell) => cell.trim()),
  }));

  test('describes every metric, and none that is not there', () => {
    const written = rows
      .filter(({ key }) => key.startsWith('lantian_'))
      .map(({ key, cells }) => `${key} ${cells[0]} ${cells[1]?.replaceAll('`', '')}`);
    expect(written).toEqual(METRICS.map((metric) => `${metric.name} ${metric.type} ${metric.label ?? ''}`));
  });

  test('describes every error with its status, and none that is not there', () => {
    const written = rows
      .filter(({ cells }) => /^\d{3}$/.test(cells[0] ?? ''))
      .map(({ key, cells }) => [key, Number(cells[0])]);
    expect(Object.fromEntries(written)).toEqual(PROBLEMS);
  });

  test('describes every route and every key of its query, and none that is not there', async () => {
    const app = await buildServer(partsOf());
    const { paths } = (await app.inject({ url: '/api/v1/openapi.json' })).json();
    await app.close();
    const written = rows.filter(({ key }) => key.startsWith('/'));
    expect(written.map(({ key }) => key).sort()).toEqual(Object.keys(paths).sort());
    for (const { key, cells } of written) {
      const parameters: { in: string; name: string }[] = (paths[key].get ?? paths[key].post).parameters ?? [];
      const keys = parameters.filter((one) => one.in === 'query').map((one) => one.name);
      const listed = [...((cells[0] ?? '').split(';').at(-1) ?? '').matchAll(/`([a-z]+)`/g)].map((word) => word[1]);
      if (keys.length > 0) expect({ key, keys: listed }).toEqual({ key, keys });
    }
  });
});
