import { DatabaseSync } from 'node:sqlite';
import { loadCatalog } from '../../src/config/catalog.ts';
import { settingsSchema } from '../../src/config/schema.ts';
import type { Counts } from '../../src/core/counts.ts';
import { noCounts } from '../../src/core/counts.ts';
import { silentLog } from '../../src/core/log.ts';
import { HOUR, MINUTE } from '../../src/core/time.ts';
import type { Figure, Point, Reading, Signal } from '../../src/core/types.ts';
import { createRegistry } from '../../src/server/metrics.ts';
import type { ServerParts } from '../../src/server/parts.ts';
import { createHistory } from '../../src/signals/history.ts';
import { createLedger } from '../../src/signals/ledger.ts';

/** 2016-07-20 08:00 in Beijing: the parts' now. */
export const NOW = Date.parse('2016-07-20T08:00:00+08:00');
export const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

const rainstorm: Signal = {
  id: '140430/weather-response/rainstorm/2016-07-19T18:00:00Z',
  version: 3,
  county: '140430',
  kind: 'weather-response',
  subject: 'rainstorm',
  level: 'II',
  state: 'proposed',
  since: '2016-07-19T18:00:00Z',
  at: '2016-07-19T23:00:00Z',
  title: { zh: '暴雨Ⅱ级响应', en: 'Rainstorm response, level II' },
  basis: { document: '沁政办发〔2021〕19号', clause: '附件6' },
  evidence: [
    {
      station: 'dingchang-weather',
      quantity: 'rain_12h',
      value: 104.2,
      unit: 'mm',
      from: '2016-07-19T11:00:00Z',
      to: '2016-07-19T23:00:00Z',
    },
  ],
  lacking: ['forecast guocun 12 h'],
};

export const silentSignal: Signal = {
  ...rainstorm,
  id: '140430/station-silent/guocun-air/2016-07-19T20:00:00Z',
  version: 1,
  kind: 'station-silent',
  subject: 'guocun-air',
  level: null,
  state: 'active',
  title: { zh: '郭村镇空气站无有效数据', en: 'No valid data from Guocun air station' },
  lacking: [],
};

const ended: Signal = {
  ...silentSignal,
  id: '140430/station-silent/dingchang-air/2016-07-18T20:00:00Z',
  version: 2,
  subject: 'dingchang-air',
  state: 'lifted',
};

export const SIGNALS = [rainstorm, silentSignal, ended];

const reading = (station: string, time: number, values: Record<string, number>): Reading => ({
  feed: 'air',
  station,
  time,
  start: time - HOUR,
  values,
});

const FIGURES: Figure[] = [
  {
    measurement: 'air_hour',
    station: 'dingchang-air',
    start: NOW - HOUR,
    end: NOW,
    fields: { pm25: 35, pm10: 60, count: 1, valid: true },
  },
  {
    measurement: 'air_day',
    station: 'dingchang-air',
    start: NOW - 8 * HOUR,
    end: NOW + 16 * HOUR,
    fields: { pm25: 30.5, count: 8, valid: false },
    invalid: ['pm25'],
  },
  { measurement: 'dustfall_month', station: 'county', start: NOW, end: NOW, fields: { mean: 6.1, max: 9 } },
];

const READINGS: Reading[] = [
  { ...reading('dingchang-air', NOW - 5 * MINUTE, { pm25: 35, so2: 9 }), flags: { so2: 'M' } },
  reading('guocun-air', NOW - 13 * HOUR, { pm25: 40 }),
];

/** Counts of a process that has seen something of everything. */
export const busyCounts = (): Counts => ({
  ...noCounts(),
  received: 1000,
  outcomes: { stored: 900, duplicate: 50, quarantined: 30 },
  inFlight: 20,
  unacknowledgedDropped: 3,
  quarantineDropped: 2,
  quarantined: { 'unknown-station': 20, 'bad-json': 10 },
  journalPending: 20,
  journalBytes: 65536,
  outboxPoints: { embedded: 0, influx: 12 },
  outboxBytes: { embedded: 0, influx: 4096 },
  outboxDropped: { influx: 1 },
  storeWritten: { embedded: 5000 },
  storeRefused: { influx: 2 },
  storeFailures: { influx: 3 },
  signalsPublished: 7,
  signalsPending: 1,
  signalChanges: { 'weather-response': 5, 'station-silent': 3 },
  figures: { air_hour: 200, rain_rolling: 40 },
  figuresDue: 5,
  readings: { air: 600, weather: 300 },
  revisions: 4,
  late: 6,
  reviews: { invalidated: 2, refused: 1 },
  decisions: { done: 4, refused: 1 },
  ledgerEntries: 9,
  brokerConnected: { 'mqtt://someone:secret@broker:1883': 1 },
  damage: 1,
  ticks: 60,
});

export const HEALTHY = {
  journal: true,
  broker: true,
  brokers: [{ url: 'mqtt://someone:secret@broker:1883', connected: true }],
  stores: [{ name: 'embedded', connected: true, depth: 0 }],
};

/** What the register would keep of these signals. */
const historyOf = (signals: readonly Signal[]) => {
  const history = createHistory(new DatabaseSync(':memory:'));
  for (const signal of signals) history.put(signal);
  return history;
};
const HISTORY = historyOf([
  rainstorm,
  { ...rainstorm, state: 'active', version: 4, in_force: { level: 'II', since: rainstorm.at } },
]);

/** What a pipeline would hand to the server, made of the county's own catalog and of data written out here. */
export const partsOf = (over: Partial<ServerParts> = {}): ServerParts => {
  const catalog = loadCatalog('sensors/counties', '140430');
  const counts = over.counts ?? busyCounts;
  return {
    settings: settingsSchema.parse({ http: { port: 0 } }),
    log: silentLog,
    now: () => NOW,
    catalog: () => catalog,
    store: undefined,
    signals: () => SIGNALS,
    history: HISTORY,
    holder: () => undefined,
    decide: () => Promise.reject(new Error('nothing decides here')),
    ledger: createLedger(new DatabaseSync(':memory:')),
    reports: () => new Map(),
    simulated: () => false,
    verdicts: () => [
      { ...rainstorm, possible: 'I' },
      { ...rainstorm, subject: 'snowstorm', level: null, possible: 'IV', evidence: [], lacking: ['forecast zone 6 h'] },
    ],
    latest: (station) => FIGURES.filter((figure) => station === undefined || figure.station === station),
    readings: (station) =>
      READINGS.filter((one) => one.station === station).map((one) => ({
        feed: one.feed,
        reading: one,
        age: NOW - one.time,
      })),
    counts,
    health: () => HEALTHY,
    registry: createRegistry(counts),
    ...over,
  };
};

/** A stored row. */
export const point = (
  measurement: string,
  station: string,
  time: number,
  fields: Point['fields'],
  tags: Record<string, string> = {},
): Point => ({ measurement, tags: { county: '140430', station, ...tags }, time, fields });
