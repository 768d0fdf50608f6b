// What InfluxDB 2's documentation says of buckets, DBRP mappings and authorizations, as a small HTTP server: no InfluxDB 2 is at hand.
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Row = Record<string, unknown> & { id: string };

export interface Influx2 {
  readonly url: string;
  readonly buckets: Row[];
  readonly dbrps: Row[];
  readonly authorizations: Row[];
  close(): void;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
}
type Said = readonly [status: number, body: unknown];

const ORG = { id: '0000000000000001', name: 'lantian' };
const NOT_FOUND: Said = [404, { code: 'not found', message: 'not found' }];

const answering = (rows: Pick<Influx2, 'buckets' | 'dbrps' | 'authorizations'>) => {
  let serial = 0x10;
  const added = (list: Row[], row: object): Row => {
    serial += 1;
    list.push({ ...row, id: serial.toString(16).padStart(16, '0') });
    return list.at(-1)!;
  };
  return ({ method, path, query, body }: Asked): Said => {
    const [, kind, id] = /^\/api\/v2\/(\w+)(?:\/(\w+))?$/.exec(path) ?? [];
    if (kind === 'orgs') return [200, { orgs: [ORG].filter(({ name }) => name === query.get('org')) }];
    if (kind === 'buckets' && method === 'GET')
      return [200, { buckets: rows.buckets.filter(({ name }) => name === query.get('name')) }];
    if (kind === 'buckets' && method === 'POST') return [201, added(rows.buckets, body)];
    if (kind === 'buckets') {
      const bucket = rows.buckets.find((one) => one.id === id);
      return bucket ? [200, Object.assign(bucket, body)] : NOT_FOUND;
    }
    if (kind === 'dbrps' && method === 'GET')
      return [200, { content: rows.dbrps.filter(({ database }) => database === query.get('db')) }];
    if (kind === 'dbrps') return [201, added(rows.dbrps, body)];
    if (kind === 'authorizations' && method === 'POST') {
      const token = `token-${serial}`;
      return [201, added(rows.authorizations, { ...body, token, status: 'active' })];
    }
    const authorization = rows.authorizations.find((one) => one.id === id);
    return authorization ? [200, authorization] : NOT_FOUND;
  };
};

/** A server whose operator token is `operator`; other tokens are refused. */
export const startInflux2 = async (): Promise<Influx2> => {
  const rows = { buckets: [] as Row[], dbrps: [] as Row[], authorizations: [] as Row[] };
  const answer = answering(rows);
  const server: HttpServer = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const known = request.headers.authorization === 'Token operator';
    const [status, content] = known
      ? answer({ method: request.method!, path: pathname, query: searchParams, body })
      : [401, { code: 'unauthorized', message: 'unauthorized access' }];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(content));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url, ...rows, close };
};
