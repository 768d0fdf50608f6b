import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../sensors/simulator/generate.ts';
import { loadCatalog } from '../src/config/catalog.ts';
import type { Catalog } from '../src/core/catalog.ts';
import { floorTo, HOUR, isoBeijing, MINUTE } from '../src/core/time.ts';

// What a benchmark is made of: a county of as many stations as wanted, and what they send.

export interface BenchMessage {
  readonly topic: string;
  readonly payload: string;
}

/** Every station of the benchmark reports every five minutes, as the county's weather stations do. */
const EVERY = 5 * MINUTE;
const CODE = '140430';

/** A dustfall point of the benchmark's county, for signals that are wanted at once. */
export const DUSTFALL_POINT = 'bench-dustfall';

const feedOf = (station: number): 'weather' | 'air' => (station % 2 === 0 ? 'weather' : 'air');

/**
 * Write a catalog with the real county's townships, `many` made-up stations, air and weather in turn, and one dustfall point.
 * JSON is YAML, and written many times faster.
 * @returns the folder to give as the setting `catalog`
 */
export const writeCatalog = (folder: string, many: number): string => {
  const { county, townships } = loadCatalog('sensors/counties', CODE);
  const own = join(folder, county.code);
  mkdirSync(own, { recursive: true });
  const made = (id: string, i: number, feeds: object) => ({
    id,
    name: { zh: `试验站${i}`, en: `Station ${i}` },
    township: townships[Math.floor(i / 2) % townships.length]!.id,
    feeds,
    assessed: true,
    example: true,
  });
  const stations = Array.from({ length: many }, (_, i) => made(`bench-${i}`, i, { [feedOf(i)]: { period: 'PT5M' } }));
  const jar = made(DUSTFALL_POINT, many, { dustfall: { period: 'P1M' } });
  writeFileSync(join(own, 'county.yaml'), JSON.stringify({ county, files: ['stations.yaml'], townships }));
  writeFileSync(join(own, 'stations.yaml'), JSON.stringify({ stations: [...stations, jar] }));
  return folder;
};

/** How wet the county is: an ordinary day at whose end rain begins (a quarter of the gauges' readings), or a storm all day long. */
export const SKIES = { day: 12 * HOUR, storm: -15 * HOUR } as const;
export type Sky = keyof typeof SKIES;

/** Its own dustfall is left out: once in a month, and in the way of signals that a case wants. */
const isWanted = ({ topic }: BenchMessage): boolean => !topic.includes('/dustfall/');

/** The newest `count` messages of the simulated county in the folder `counties` up to `now`, in the order of their sending. */
export const makeMessages = (counties: string, count: number, now: number, sky: Sky): BenchMessage[] => {
  const catalog: Catalog = loadCatalog(counties, CODE);
  const hourly = (catalog.stations.size * HOUR) / EVERY + catalog.townships.length;
  const to = floorTo(now, MINUTE);
  const from = to - Math.ceil(count / hourly + 1) * HOUR;
  const all = [...generate(catalog, 'rainstorm', { from, to, seed: 1, now: to + SKIES[sky] })];
  return all
    .filter(isWanted)
    .slice(-count)
    .map(({ topic, payload }) => ({ topic, payload }));
};

/** Values as the simulated stations report them. */
const VALUES = {
  air: { pm25: 21, pm10: 44, tsp: 69, so2: 6, no2: 12, nox: 18, co: 0.5, o3: 53 },
  weather: {
    rain: 0,
    wind_speed: 1.1,
    gust: 2.1,
    wind_direction: 277,
    temperature: 20.8,
    humidity: 70,
    pressure: 899.2,
  },
} as const;

const HOURLY = HOUR / EVERY;

/**
 * `count` messages of `stations` stations that report one after the other. They are spread over the twelve reports of an hour, so that
 * of the readings of any instant one in twelve begins a new hour, be the stations few or many.
 */
export const steadyMessages = (stations: number, count: number, now: number): BenchMessage[] => {
  const turns = Math.ceil(count / stations);
  const first = floorTo(now, EVERY) - (turns + HOURLY) * EVERY;
  return Array.from({ length: count }, (_, i) => {
    const [station, turn] = [i % stations, Math.floor(i / stations)];
    const feed = feedOf(station);
    const time = first + (turn + (Math.floor(station / 2) % HOURLY)) * EVERY;
    // Something changes from reading to reading, as it does at a real station.
    const values = { ...VALUES[feed], ...(feed === 'air' ? { o3: 40 + (turn % 30) } : { humidity: 50 + (turn % 30) }) };
    return {
      topic: `lantian/v1/${CODE}/${feed}/bench-${station}`,
      payload: JSON.stringify({ time: isoBeijing(time), values }),
    };
  });
};
