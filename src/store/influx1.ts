// InfluxDB 1.x through the `influx` package, of which the connection and the line builder are used. Its own retries and
// its habit of resting a host after a failure are switched off: the drain retries, from a queue on disk.
import http from 'node:http';
import https from 'node:https';
import { InfluxDB, type IPoint } from 'influx';
import { reasonOf } from '../core/errors.ts';
import type { FieldValue, Point } from '../core/types.ts';
import { deletesOf, queryOf, rowQueryOf, rowsOf, type Statement, storedRow } from './influx1-query.ts';
import { fieldText } from './line.ts';
import type { Store } from './port.ts';
import { inOrder } from './rows.ts';
import type { Send } from './send.ts';
import { createWriter } from './unset.ts';

export interface Influx1Options {
  readonly name: string;
  readonly url: string;
  readonly database: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Longest wait for an answer, ms. */
  readonly timeout: number;
}

/** A value that is already written as the line protocol wants it; the package would write 5 for an integer and spoils \' in strings. */
class Literal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

const packagePoint = ({ measurement, tags, time, fields }: Point): IPoint => {
  const literals: Record<string, FieldValue | Literal> = {};
  for (const name in fields) {
    const value = fields[name]!;
    literals[name] = typeof value === 'boolean' ? value : new Literal(fieldText(measurement, name, value));
  }
  return { measurement, tags: tags as Record<string, string>, fields: literals, timestamp: String(time) };
};

const noRest = { getDelay: () => 0, next: () => noRest, reset: () => noRest };

const connectTo = (options: Influx1Options, agent: http.Agent): InfluxDB => {
  const url = new URL(options.url);
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return new InfluxDB({
    database: options.database,
    hosts: [
      {
        host: url.hostname,
        port: Number(url.port || (protocol === 'https' ? 443 : 80)),
        path: url.pathname === '/' ? '' : url.pathname,
        protocol,
        options: { agent },
      },
    ],
    ...(options.username === undefined ? {} : { username: options.username, password: options.password ?? '' }),
    pool: { maxRetries: 0, requestTimeout: options.timeout, backoff: noRest },
  });
};

const statusOf = (thrown: unknown): number | undefined =>
  (thrown as { res?: { statusCode?: number } | null }).res?.statusCode;

/** The server's own words, out of the package's message around its JSON. */
const wordsOf = (thrown: unknown): string => {
  const message = reasonOf(thrown);
  return /"error":\s*"((?:[^"\\]|\\.)*)"/.exec(message)?.[1]?.replace(/\\(.)/g, '$1') ?? message;
};

/**
 * Every call ends within its time: the package gives up on a silent connection, but waits for ever when an answer stops
 * halfway. Then the connections are cut.
 */
const bounded = async <T>(work: Promise<T>, milliseconds: number, cut: () => void): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      cut();
      reject(new Error(`no answer within ${milliseconds} ms`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const openClient = (options: Influx1Options) => {
  const agent = new (options.url.startsWith('https:') ? https : http).Agent({ keepAlive: true });
  const influx = connectTo(options, agent);
  const run = <T>(work: Promise<T>): Promise<T> => bounded(work, options.timeout, () => agent.destroy());
  const send: Send = async (points) => {
    try {
      await run(influx.writePoints(points.map(packagePoint), { precision: 'ms' }));
      return undefined;
    } catch (thrown) {
      // 400: some or all points are refused for good; 413: too much at once. Everything else may pass later.
      if ([400, 413].includes(statusOf(thrown) ?? 0)) return wordsOf(thrown);
      throw new Error(wordsOf(thrown), { cause: thrown });
    }
  };
  const query = async (statements: readonly string[]): Promise<Statement[]> => {
    const answer = run(influx.queryRaw(statements.join(';'), { precision: 'ms', method: 'POST' }));
    const { results } = (await answer) as { results: Statement[] };
    const failed = results.find((result) => result.error !== undefined);
    if (failed) throw new Error(failed.error);
    return results;
  };
  return { agent, influx, run, send, query };
};

/** InfluxDB 1.x. `init` makes the database, and needs the right to do so only where it is missing. */
export const createInflux1Store = (options: Influx1Options): Store => {
  const { agent, influx, run, send, query } = openClient(options);
  const stored = async (points: readonly Point[]) => {
    const answers = await query(points.map(rowQueryOf));
    return points.map((point, i) => storedRow(answers[i], point));
  };
  return {
    name: options.name,
    init: async () => {
      const names = await run(influx.getDatabaseNames());
      if (!names.includes(options.database)) await run(influx.createDatabase(options.database));
    },
    write: createWriter({
      send,
      stored,
      remove: async (rows) => {
        await query(deletesOf(rows));
      },
    }),
    read: async (wanted) => {
      const [result] = await query([queryOf(wanted)]);
      return inOrder(rowsOf(result), wanted.limit);
    },
    close: async () => agent.destroy(),
  };
};
