import type { FastifyInstance } from 'fastify';
import { isoBeijing } from '../core/time.ts';
import type { Figure } from '../core/types.ts';
import type { ServerParts } from './parts.ts';
import { answers, arrayOf, figureSchema, named, query } from './schemas.ts';
import { checkedLabel } from './series.ts';
import { isPlace, noStation } from './stations.ts';

const viewOf = (figure: Figure) => ({
  measurement: figure.measurement,
  station: figure.station,
  tags: figure.tags ?? {},
  time: isoBeijing(figure.end),
  start: isoBeijing(figure.start),
  end: isoBeijing(figure.end),
  fields: figure.fields,
  invalid: figure.invalid ?? [],
});

const schema = {
  summary: '最新统计值 latest figures',
  description: '每个站点每种统计值的最新一条，时间为时段结束。The latest of each, labelled by the end of its period.',
  tags: ['figures'],
  querystring: query({
    station: named('站点编码，或 county station id, or county'),
    measurement: named('统计值名称 such as air_hour'),
  }),
  response: answers(arrayOf(figureSchema), 'bad-request', 'no-such-station', 'no-such-measurement'),
};

interface Choice {
  Querystring: { station?: string; measurement?: string };
}

export const figureRoutes = (app: FastifyInstance, parts: ServerParts): void => {
  app.get<Choice>('/api/v1/figures/latest', { schema }, ({ query: { station, measurement } }) => {
    if (measurement !== undefined) checkedLabel(measurement);
    const figures = parts.latest(station);
    if (station !== undefined && figures.length === 0 && !isPlace(parts.catalog(), station)) throw noStation(station);
    return figures.filter((figure) => measurement === undefined || figure.measurement === measurement).map(viewOf);
  });
};
