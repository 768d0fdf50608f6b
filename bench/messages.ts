import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { generate } from '../sensors/simulator/generate.ts';
import { loadCatalog } from '../src/config/catalog.ts';
import type { Catalog } from '../src/core/catalog.ts';
import { floorTo, HOUR, MINUTE } from '../src/core/time.ts';

// What a benchmark is made of: a county of as many stations as wanted, and what they send.

export interface BenchMessage {
  readonly topic: string;
  readonly payload: string;
}

/** Every station of the benchmark reports every five minutes, as the county's weather stations do. */
const EVERY = 5 * MINUTE;

/**
 * Write a catalog with the real county's townships and `many` made-up stations, air and weather in turn.
 * @returns the folder to give as the setting `catalog`, and the catalog
 */
export const writeCatalog = (folder: string, many: number): { folder: string; catalog: Catalog } => {
  const { county, townships } = loadCatalog('sensors/counties', '140430');
  const own = join(folder, county.code);
  mkdirSync(own, { recursive: true });
  const stations = Array.from({ length: many }, (_, i) => ({
    id: `bench-${i}`,
    name: { zh: `试验站${i}`, en: `Station ${i}` },
    township: townships[Math.floor(i / 2) % townships.length]!.id,
    feeds: i % 2 === 0 ? { weather: { period: 'PT5M' } } : { air: { period: 'PT5M' } },
    assessed: true,
    example: true,
  }));
  writeFileSync(join(own, 'county.yaml'), stringify({ county, files: ['stations.yaml'], townships }));
  writeFileSync(join(own, 'stations.yaml'), stringify({ stations }));
  return { folder, catalog: loadCatalog(folder, county.code) };
};

/** How wet the county is: an ordinary day at whose end rain begins (a quarter of the gauges' readings), or a storm all day long. */
export const SKIES = { day: 12 * HOUR, storm: -15 * HOUR } as const;
export type Sky = keyof typeof SKIES;

/** The newest `count` messages of the simulated county up to `now`, in the order of their sending. */
export const makeMessages = (catalog: Catalog, count: number, now: number, sky: Sky): BenchMessage[] => {
  const hourly = (catalog.stations.size * HOUR) / EVERY + catalog.townships.length;
  const to = floorTo(now, MINUTE);
  const from = to - Math.ceil(count / hourly + 1) * HOUR;
  const all = [...generate(catalog, 'rainstorm', { from, to, seed: 1, now: to + SKIES[sky] })];
  return all.slice(-count).map(({ topic, payload }) => ({ topic, payload }));
};
