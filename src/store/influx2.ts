// InfluxDB 2.x and 3.x, and servers that take their /api/v2/write, through @influxdata/influxdb-client as a thin
// transport. Its WriteApi is not used: it takes 201 (InfluxDB 3: some lines were not written) and an Enterprise hint for
// success, and drops a batch at 401 or after three minutes. Here 204 alone is success; the drain retries from disk.
import { AbortError, HttpError, InfluxDB } from '@influxdata/influxdb-client';
import { reasonOf } from '../core/errors.ts';
import type { Point } from '../core/types.ts';
import { predicateOf, readFlux, type Target } from './influx2-query.ts';
import { lineOf } from './line.ts';
import type { Store } from './port.ts';
import { inOrder } from './rows.ts';
import type { Send } from './send.ts';
import { canonicalTags } from './series.ts';
import { createWriter, type StoredRow } from './unset.ts';

export interface Influx2Options {
  readonly name: string;
  readonly url: string;
  readonly org: string;
  readonly bucket: string;
  readonly token?: string | undefined;
  /** Longest wait for an answer, ms. */
  readonly timeout: number;
  /** Told how many points had fields to unset on a server that cannot; their other fields are written. */
  readonly unsupported?: (points: number, why: string) => void;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The server does not know the call. */
const UNKNOWN_CALL = [400, 404, 405, 501];

const createRequest = (influx: InfluxDB, timeout: number) => (method: 'GET' | 'POST', path: string, body: string) =>
  new Promise<Answer>((resolve, reject) => {
    let status = 0;
    const parts: Uint8Array[] = [];
    const type = path.startsWith('/api/v2/write') ? 'text/plain' : 'application/json';
    const headers = { 'content-type': `${type}; charset=utf-8` };
    const signal = AbortSignal.timeout(timeout);
    influx.transport.send(
      path,
      body,
      { method, headers, signal },
      {
        responseStarted: (_, code) => {
          status = code ?? 0;
        },
        next: (part: Uint8Array) => {
          parts.push(part);
        },
        error: (error) => {
          if (error instanceof HttpError) resolve({ status: error.statusCode, body: error.body ?? error.message });
          else
            reject(error instanceof AbortError && signal.aborted ? new Error(`no answer within ${timeout} ms`) : error);
        },
        complete: () => resolve({ status, body: Buffer.concat(parts).toString('utf8') }),
      },
    );
  });

/** The server's own words out of an answer. */
const wordsOf = ({ status, body }: Answer): string => {
  try {
    const { message, error } = JSON.parse(body) as { message?: string; error?: string };
    return message ?? error ?? body;
  } catch {
    return body.trim() || `HTTP ${status}`; // not JSON: the words are the body
  }
};

const failure = (answer: Answer, what: string): Error => new Error(`${what}: HTTP ${answer.status} ${wordsOf(answer)}`);

type Request = ReturnType<typeof createRequest>;

const makeBucket = async (request: Request, { org, bucket }: Target): Promise<void> => {
  const named = (path: string, text: string) => request('GET', `${path}=${encodeURIComponent(text)}`, '');
  const found = await named(`/api/v2/buckets?org=${encodeURIComponent(org)}&name`, bucket);
  // A server without buckets (InfluxDB 3 makes its database at the first write), or a token that may only write.
  if (found.status !== 200 || !found.body.startsWith('{')) return;
  if ((JSON.parse(found.body) as { buckets?: unknown[] }).buckets?.length) return;
  const owner = await named('/api/v2/orgs?org', org);
  const orgID = (JSON.parse(owner.body) as { orgs?: { id: string }[] }).orgs?.[0]?.id;
  if (orgID === undefined) throw failure(owner, `the organisation ${org} is not there`);
  const made = await request('POST', '/api/v2/buckets', JSON.stringify({ orgID, name: bucket, retentionRules: [] }));
  if (made.status !== 201) throw failure(made, `the bucket ${bucket} cannot be made`);
};

const createSend =
  (request: Request, { org, bucket }: Target): Send =>
  async (points) => {
    const path = `/api/v2/write?org=${encodeURIComponent(org)}&bucket=${encodeURIComponent(bucket)}&precision=ms`;
    const answer = await request('POST', path, points.map(lineOf).join('\n'));
    if (answer.status === 204) return undefined;
    // 201: a part was written; 400, 422: some or all are refused for good; 413: too much at once.
    if ([201, 400, 413, 422].includes(answer.status)) return wordsOf(answer);
    throw failure(answer, 'not written');
  };

/** InfluxDB 2.x or 3.x. `read` asks in Flux, which 2.x knows; others reject with their words. */
export const createInflux2Store = (options: Influx2Options): Store => {
  const influx = new InfluxDB({
    url: options.url,
    timeout: options.timeout,
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  const request = createRequest(influx, options.timeout);
  const read = readFlux(influx.getQueryApi(options.org), options.bucket);

  const stored = async (points: readonly Point[]): Promise<(StoredRow | undefined)[]> => {
    const found: (StoredRow | undefined)[] = [];
    for (const point of points) {
      const { measurement, tags, time } = point;
      const rows = await read({ measurement, tags, from: time, to: time + 1 });
      found.push(rows.find((row) => canonicalTags(row.tags) === canonicalTags(tags)));
    }
    return found;
  };

  /** Rows of points that unset something; none where the server cannot be asked, which is told. */
  const storedWhereKnown = async (points: readonly Point[]): Promise<readonly (StoredRow | undefined)[]> => {
    try {
      return await stored(points);
    } catch (thrown) {
      if (!(thrown instanceof HttpError) || !UNKNOWN_CALL.includes(thrown.statusCode)) throw thrown;
      options.unsupported?.(points.length, reasonOf(thrown));
      return [];
    }
  };

  const removeOne = async (point: Point): Promise<void> => {
    const path = `/api/v2/delete?org=${encodeURIComponent(options.org)}&bucket=${encodeURIComponent(options.bucket)}`;
    const answer = await request('POST', path, predicateOf(point));
    if (answer.status === 204) return;
    if (!UNKNOWN_CALL.includes(answer.status)) throw failure(answer, 'not deleted');
    options.unsupported?.(1, wordsOf(answer));
  };

  return {
    name: options.name,
    init: () => makeBucket(request, options),
    write: createWriter({
      send: createSend(request, options),
      stored: storedWhereKnown,
      remove: async (rows) => {
        for (const { point } of rows) await removeOne(point);
      },
    }),
    read: async (query) => inOrder(await read(query), query.limit),
    close: async () => {},
  };
};
