import type { FastifyInstance } from 'fastify';
import type { ServerParts } from './parts.ts';

const LINKS = [
  ['/readyz', '各部分是否正常', 'whether each part works'],
  ['/api/v1/stations', '站点', 'stations'],
  ['/api/v1/townships', '乡镇与示范区', 'townships and the zone'],
  ['/api/v1/figures/latest', '最新统计值', 'latest figures'],
  ['/api/v1/series/air_hour?limit=100', '时间序列（示例：空气小时值）', 'a series, for example air by the hour'],
  ['/api/v1/signals?state=in-force', '生效中的信号', 'signals in force'],
  ['/api/v1/cap.atom?status=all', '预警与应急响应（CAP 1.2，Atom）', 'warnings and responses as CAP messages'],
  ['/api/v1/cases', '处置：下一步由谁办理', 'cases: who takes which step next'],
  ['/api/v1/ledger', '台账', 'the ledger'],
  ['/api/v1/thresholds', '各阈值现状与所缺数据', 'what each threshold says, and lacks'],
  ['/metrics', '运行指标（Prometheus）', 'metrics'],
  ['/healthz', '进程存活', 'the process runs'],
  ['/api/v1/openapi.json', '接口说明（OpenAPI 3.1）', 'description of the API'],
] as const;

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const item = ([path, zh, en]: (typeof LINKS)[number]): string =>
  `<li><a href="${escapeHtml(path)}">${zh}</a> <span lang="en">${en}</span> <code>${escapeHtml(path)}</code></li>`;

const page = (county: string): string => `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>蓝天 Lantian · ${escapeHtml(county)}</title>
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.7 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
ul { list-style: none; padding: 0 } li { padding: .2rem 0 } code { font-size: .85em; overflow-wrap: anywhere }
</style>
<h1>蓝天 <span lang="en">Lantian</span> · ${escapeHtml(county)}</h1>
<p>县级环境监测数据管道，读取不改变任何数据。<br><span lang="en">A county's environmental monitoring pipeline; reading changes nothing.</span></p>
<ul>
${LINKS.map(item).join('\n')}
</ul>
</html>
`;

const schema = {
  summary: '首页 index',
  description: '列出全部接口的网页。A page that lists what is here.',
  tags: ['health'],
  produces: ['text/html'],
  response: { 200: { description: 'HTML', type: 'string' } },
};

export const pageRoutes = (app: FastifyInstance, parts: ServerParts): void => {
  app.get('/', { schema }, (_request, reply) => {
    const { name } = parts.catalog().county;
    return reply.type('text/html; charset=utf-8').send(page(`${name.zh} ${name.en}`));
  });
};
