import type { FastifyInstance } from 'fastify';
import type { BrokerHealth, Health, ServerParts, StoreHealth } from './parts.ts';
import { aliveSchema, readySchema } from './schemas.ts';
import { withoutSecrets } from './secrets.ts';

interface PartView {
  readonly part: string;
  readonly ok: boolean;
  readonly needed: boolean;
  readonly why: string;
  readonly why_zh: string;
}

const journalView = (ok: boolean): PartView => ({
  part: 'journal',
  ok,
  needed: true,
  why: ok ? 'can be written' : 'cannot be written or is full: nothing is acknowledged until there is room',
  why_zh: ok ? '可写' : '不可写或已满：有空间之前不再确认报文',
});

const brokersView = (ok: boolean): PartView => ({
  part: 'broker',
  ok,
  needed: true,
  why: ok ? 'connected' : 'not connected: messages wait at the broker',
  why_zh: ok ? '已连接' : '未连接：报文留在消息服务器',
});

const brokerView = ({ url, connected }: BrokerHealth): PartView => ({
  part: `broker ${withoutSecrets(url)}`,
  ok: connected,
  needed: false,
  why: connected ? 'connected' : 'not connected, trying again',
  why_zh: connected ? '已连接' : '未连接，重试中',
});

// A store that is down only delays its own outbox (law 5), so it does not make the pipeline unready.
const storeView = ({ name, connected, depth, lastError }: StoreHealth): PartView => {
  const last = lastError === undefined || connected ? '' : `: ${lastError}`;
  return {
    part: `store ${name}`,
    ok: connected,
    needed: false,
    why: `${connected ? 'connected' : 'not reached'}, ${depth} points wait${last}`,
    why_zh: `${connected ? '已连接' : '连接不上'}，待写 ${depth} 点${last}`,
  };
};

const readiness = (health: Health) => {
  const parts = [
    journalView(health.journal),
    brokersView(health.broker),
    ...health.brokers.map(brokerView),
    ...health.stores.map(storeView),
  ];
  return { ready: parts.every((part) => part.ok || !part.needed), parts };
};

const schemas = {
  alive: {
    summary: '存活 alive',
    description: '进程在运行。The process runs.',
    tags: ['health'],
    response: { 200: { description: '存活 alive', ...aliveSchema } },
  },
  ready: {
    summary: '就绪 ready',
    description:
      '日志可写且消息服务器已连接为 200，否则 503；各部分及原因见 parts。200 when the journal can be written and the broker is connected.',
    tags: ['health'],
    response: {
      200: { description: '就绪 ready', ...readySchema },
      503: { description: '未就绪 not ready', ...readySchema },
    },
  },
  metrics: {
    summary: '指标 metrics',
    description: 'Prometheus 文本格式。Prometheus text format.',
    tags: ['health'],
    produces: ['text/plain'],
    response: { 200: { description: 'Prometheus', type: 'string' } },
  },
};

export const healthRoutes = (app: FastifyInstance, parts: ServerParts): void => {
  app.get('/healthz', { schema: schemas.alive }, () => ({ status: 'alive' }));
  app.get('/readyz', { schema: schemas.ready }, (_request, reply) => {
    const answer = readiness(parts.health());
    return reply.status(answer.ready ? 200 : 503).send(answer);
  });
  app.get('/metrics', { schema: schemas.metrics }, async (_request, reply) => {
    const text = await parts.registry.metrics();
    return reply.type(parts.registry.contentType).send(text);
  });
};
