import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Language, Say } from './language.ts';
import { DATASOURCE } from './query.ts';

/** Fields of `place` that hold `name|id`. */
const LABEL = { zh: 'label', en: 'label_en' } as const;

/** Which store the dashboard shows: any datasource of the InfluxDB plugin whose name fits. */
export const datasourceVariable = (say: Say, named = '/^Lantian/'): Builder<VariableModel> =>
  new DatasourceVariableBuilder('datasource')
    .label(say('数据源', 'Data source'))
    .description(say('蓝天写入的时序库', 'the time-series store that Lantian writes to'))
    .type('influxdb')
    .regex(named);

export interface Choice {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** Gives the values: SHOW TAG VALUES, or rows of which the first column counts. */
  readonly query: string;
  /** Takes value and text out of what the query gives, by groups named so. */
  readonly regex?: string;
}

/** One or several values, or all. `.*` is all: it goes into `=~ /^$name$/`. */
export const choice = ({ name, label, description, query, regex }: Choice): Builder<VariableModel> => {
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATASOURCE)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: ['All'], value: ['$__all'] });
  return regex === undefined ? variable : variable.regex(regex);
};

/**
 * Places that have a row in `place` (stations, outlets, townships, enterprises), called by their names, their ids as the values.
 * @param condition on the fields of `place`, such as `"kind" = 'air'`
 */
export const placeChoice = (
  language: Language,
  { condition, ...named }: Omit<Choice, 'query' | 'regex'> & { readonly condition?: string },
): Builder<VariableModel> =>
  choice({
    ...named,
    query: `SELECT "${LABEL[language]}" FROM "place" WHERE time > now() - 2d${condition === undefined ? '' : ` AND ${condition}`}`,
    regex: '/^(?<text>.+)\\|(?<value>[^|]+)$/',
  });

/** Which county: a store may hold several. */
export const countyVariable = (say: Say): Builder<VariableModel> =>
  choice({
    name: 'county',
    label: say('县', 'County'),
    description: say('行政区划代码（GB/T 2260）', 'code of GB/T 2260'),
    query: 'SHOW TAG VALUES FROM "place" WITH KEY = "county"',
  });
