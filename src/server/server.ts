import swagger from '@fastify/swagger';
import { type FastifyInstance, fastify } from 'fastify';
import { LantianError, reasonOf } from '../core/errors.ts';
import { createAccess } from './access.ts';
import { bulletinRoutes } from './bulletins.ts';
import { capRoutes } from './cap.ts';
import { caseRoutes } from './cases.ts';
import { figureRoutes } from './figures.ts';
import { healthRoutes } from './health.ts';
import { pageRoutes } from './page.ts';
import type { ServerParts } from './parts.ts';
import { answerBadPath, answerProblems } from './problems.ts';
import { query } from './schemas.ts';
import { seriesRoutes } from './series.ts';
import { signalRoutes } from './signals.ts';
import { stationRoutes } from './stations.ts';
import { stepRoutes } from './steps.ts';

const INFO = {
  title: '蓝天 Lantian',
  version: '1',
  description:
    '县级环境监测数据管道的接口：读取，以及人的处置步骤。A county’s environmental monitoring pipeline: what it has, and the steps of people.',
};

const TAGS = [
  { name: 'catalog', description: '站点与乡镇 stations and townships' },
  { name: 'figures', description: '读数与统计值 readings and figures' },
  { name: 'signals', description: '信号与阈值 signals and thresholds' },
  { name: 'cases', description: '处置与台账 cases and the ledger' },
  { name: 'health', description: '运行状况 health' },
];

interface Described {
  schema?: { params?: unknown } | undefined;
  url: string;
  route: { method: string | readonly string[] };
}

/** Routes whose path ends in an id and a suffix. */
const SUFFIXES: Readonly<Record<string, string>> = { '/api/v1/cap/*': '.xml', '/api/v1/newis/*': '.xml' };

/** OpenAPI has no wildcard: a signal's id is a path parameter whose slashes are to be encoded. */
const nameWildcard = <T extends Described>({ schema, url, route }: T): { schema: T['schema']; url: string } => {
  if (!url.endsWith('/*')) return { schema, url };
  const params = { type: 'object', properties: { id: { type: 'string', description: '信号 id，斜杠编码为 %2F' } } };
  return {
    schema: { ...schema, params },
    url: url.replace(/\*$/, `:id${route.method === 'POST' ? '/steps' : (SUFFIXES[url] ?? '')}`),
  };
};

const openapiRoute = (app: FastifyInstance): void => {
  const schema = {
    summary: '接口说明 OpenAPI',
    description: '本接口的 OpenAPI 3.1 说明。This description.',
    tags: ['health'],
    querystring: query(),
    response: { 200: { description: 'OpenAPI 3.1', type: 'object', additionalProperties: true } },
  };
  app.get('/api/v1/openapi.json', { schema }, () => app.swagger());
};

const headers = (app: FastifyInstance): void => {
  app.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    void reply.header('x-content-type-options', 'nosniff');
    void reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
  });
};

/** The HTTP server with all its routes, not listening yet. Answers are sent as they are; the schemas describe them. */
export const buildServer = async (parts: ServerParts): Promise<FastifyInstance> => {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    frameworkErrors: answerBadPath,
    ajv: { customOptions: { removeAdditional: false } },
  });
  app.setSerializerCompiler(() => JSON.stringify);
  answerProblems(app, parts.log);
  headers(app);
  const access = createAccess(parts);
  access.guard(app);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: INFO,
      tags: TAGS,
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    transform: nameWildcard,
  });
  for (const routes of [
    pageRoutes,
    healthRoutes,
    stationRoutes,
    figureRoutes,
    seriesRoutes,
    signalRoutes,
    capRoutes,
    bulletinRoutes,
  ])
    routes(app, access.parts);
  for (const routes of [stepRoutes, caseRoutes]) routes(app, access);
  openapiRoute(app);
  await app.ready();
  return app;
};

const cannotListen = (thrown: unknown, host: string, port: number): unknown => {
  const code = (thrown as NodeJS.ErrnoException).code;
  const address = `${host}:${port}`;
  if (code === 'EADDRINUSE')
    return new LantianError('port-taken', `another program listens on ${address}; set http.port (LANTIAN_HTTP_PORT)`, {
      cause: thrown,
    });
  if (code === undefined || !['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(code)) return thrown;
  const says = `cannot listen on ${address} (${reasonOf(thrown)}); set http.host or http.port`;
  return new LantianError('config-invalid', says, { cause: thrown });
};

/**
 * The HTTP server, listening on `http.host` and `http.port` of the settings (0: any free port; see `listeningOrigin`).
 * End it with `close()`.
 * @throws LantianError port-taken, config-invalid
 */
export const createServer = async (parts: ServerParts): Promise<FastifyInstance> => {
  const app = await buildServer(parts);
  const { host, port } = parts.settings.http;
  try {
    await app.listen({ host, port });
    return app;
  } catch (thrown) {
    await app.close();
    throw cannotListen(thrown, host, port);
  }
};
