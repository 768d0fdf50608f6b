import { influxRows } from '../tests/support/influx.ts';
import type { BenchMessage } from './messages.ts';

// How many rows of readings messages make in InfluxDB, and how many are there: what is missing is lost.

const FEEDS = ['air', 'weather', 'forecast'] as const;

/** A row is known by its series and time; a forecast's series by its window too. */
const keyOf = ({ topic, payload }: BenchMessage): string => {
  const { time, from, to } = JSON.parse(payload) as { time: string; from?: string; to?: string };
  return [topic, time, from, to].join(' ');
};

/** Distinct rows that these messages make. */
export const expectedRows = (messages: readonly BenchMessage[]): number => new Set(messages.map(keyOf)).size;

/** Rows of readings that a database has. */
export const storedRows = async (url: string, database: string): Promise<number> => {
  let rows = 0;
  for (const feed of FEEDS) rows += (await influxRows(url, database, `SELECT * FROM ${feed}`)).length;
  return rows;
};

/** Single values that a database has, counted by the server: it rises as rows come. */
export const storedValues = async (url: string, database: string): Promise<number> => {
  const counts = await influxRows(url, database, `SELECT count(*) FROM ${FEEDS.join(', ')}`);
  const values = counts.flatMap((row) => Object.entries(row).filter(([name]) => name.startsWith('count_')));
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
};

/** @throws Error where InfluxDB refuses */
export const createDatabase = async (url: string, database: string): Promise<void> => {
  const answer = await fetch(`${url}/query?${new URLSearchParams({ q: `CREATE DATABASE ${database}` })}`, {
    method: 'POST',
  });
  if (!answer.ok) throw new Error(`InfluxDB: ${answer.status} ${await answer.text()}`);
};
