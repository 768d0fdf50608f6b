import type { FastifyInstance } from 'fastify';
import type { Catalog, FeedSchedule, Station, Township } from '../core/catalog.ts';
import { isoBeijing, SECOND } from '../core/time.ts';
import type { Feed, Signal } from '../core/types.ts';
import { isEnded } from '../signals/life.ts';
import type { LatestReading, ServerParts } from './parts.ts';
import { Problem } from './problems.ts';
import { answers, arrayOf, named, query, stationDetailSchema, stationSchema, townshipSchema } from './schemas.ts';

const silent = (signals: readonly Signal[], station: string): boolean =>
  signals.some((signal) => signal.kind === 'station-silent' && signal.subject === station && !isEnded(signal));

// The threshold station-silent alone decides who is silent, with its settings and its patience after an outage.
const onlineOf = (station: Station, heard: boolean, signals: readonly Signal[]): boolean | null =>
  station.active && heard ? !silent(signals, station.id) : null;

const lastSeen = (readings: readonly LatestReading[]): string | null =>
  readings.length === 0 ? null : isoBeijing(Math.max(...readings.map(({ reading }) => reading.time)));

const viewOf = (station: Station, readings: readonly LatestReading[], signals: readonly Signal[]) => ({
  id: station.id,
  name: station.name,
  feeds: Object.keys(station.feeds),
  township: station.township ?? null,
  enterprise: station.enterprise ?? null,
  active: station.active,
  assessed: station.assessed,
  example: station.example,
  longitude: station.longitude ?? null,
  latitude: station.latitude ?? null,
  online: onlineOf(station, readings.length > 0, signals),
  last_seen: lastSeen(readings),
});

const scheduleOf = ([feed, schedule]: [string, FeedSchedule]) => ({
  feed,
  period_s: schedule.period === 'month' ? 'month' : schedule.period / SECOND,
  interval_s: schedule.interval / SECOND,
});

const readingOf = ({ feed, reading, age }: LatestReading) => ({
  feed,
  time: isoBeijing(reading.time),
  start: isoBeijing(reading.start),
  age_s: Math.round(age / SECOND),
  values: reading.values,
  ...(reading.flags === undefined ? {} : { flags: reading.flags }),
  ...(reading.from === undefined ? {} : { from: isoBeijing(reading.from) }),
  ...(reading.to === undefined ? {} : { to: isoBeijing(reading.to) }),
  ...(reading.phenomena === undefined ? {} : { phenomena: reading.phenomena }),
  ...(reading.trend === undefined ? {} : { trend: reading.trend }),
  ...(reading.status === undefined ? {} : { status: reading.status }),
});

const detailOf = (station: Station, readings: readonly LatestReading[], signals: readonly Signal[]) => ({
  ...viewOf(station, readings, signals),
  schedules: Object.entries(station.feeds as Record<Feed, FeedSchedule>).map(scheduleOf),
  target: station.target ?? null,
  water_body: station.waterBody ?? null,
  reference_oxygen: station.referenceOxygen ?? null,
  limits: station.limits ?? null,
  readings: readings.map(readingOf),
});

const townshipOf = (catalog: Catalog, township: Township) => ({
  id: township.id,
  name: township.name,
  kind: township.kind,
  stations: [...catalog.stations.values()].filter((s) => s.township === township.id).map((s) => s.id),
  hazard_points: catalog.hazardPoints.filter((point) => point.township === township.id).length,
});

/** Whether figures and readings may carry the name: a station, a township (forecasts) or the county itself. */
export const isPlace = (catalog: Catalog, id: string): boolean =>
  id === 'county' || catalog.stations.has(id) || catalog.townships.some((township) => township.id === id);

export const noStation = (id: string): Problem =>
  new Problem(
    'no-such-station',
    `no station '${id}' in the catalog; GET /api/v1/stations lists them`,
    `目录中没有站点 '${id}'；见 GET /api/v1/stations`,
  );

const stationSchemas = {
  list: {
    summary: '站点列表 stations',
    description: '目录中的全部站点及其在线状况。All stations of the catalog, and whether they report.',
    tags: ['catalog'],
    querystring: query(),
    response: answers(arrayOf(stationSchema), 'bad-request'),
  },
  one: {
    summary: '站点详情 one station',
    description: '一个站点、其上报计划与最近读数。A station, its schedules and its latest readings.',
    tags: ['catalog'],
    params: { type: 'object', properties: { id: named('站点编码 station id') } },
    querystring: query(),
    response: answers(stationDetailSchema, 'bad-request', 'no-such-station'),
  },
  townships: {
    summary: '乡镇列表 townships',
    description: '各乡镇与示范区、其站点和隐患点数。Townships and the zone, their stations and hazard points.',
    tags: ['catalog'],
    querystring: query(),
    response: answers(arrayOf(townshipSchema), 'bad-request'),
  },
};

export const stationRoutes = (app: FastifyInstance, parts: ServerParts): void => {
  app.get('/api/v1/stations', { schema: stationSchemas.list }, () => {
    const signals = parts.signals();
    return [...parts.catalog().stations.values()].map((one) => viewOf(one, parts.readings(one.id), signals));
  });
  app.get<{ Params: { id: string } }>('/api/v1/stations/:id', { schema: stationSchemas.one }, ({ params }) => {
    const station = parts.catalog().stations.get(params.id);
    if (station === undefined) throw noStation(params.id);
    return detailOf(station, parts.readings(station.id), parts.signals());
  });
  app.get('/api/v1/townships', { schema: stationSchemas.townships }, () => {
    const catalog = parts.catalog();
    return catalog.townships.map((township) => townshipOf(catalog, township));
  });
};
