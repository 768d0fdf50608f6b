import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './query.ts';

/** What the InfluxDB plugin reads of an annotation beside the dashboard's own schema. */
type InfluxAnnotation = AnnotationQuery & {
  readonly query: string;
  readonly textColumn: string;
  readonly tagsColumn: string;
  readonly fromAnnotations: true;
  readonly queryType: string;
};

/** Marks on every panel where a signal of these kinds changed. `kinds` is a regular expression, `.*` for all. */
export const signalMarks = (name: string, kinds: string, colour: string): Builder<AnnotationQuery> => ({
  build: (): InfluxAnnotation => ({
    ...new AnnotationQueryBuilder()
      .name(name)
      .datasource(DATASOURCE)
      .enable(true)
      .hide(false)
      .iconColor(colour)
      .build(),
    query: `SELECT "title", "state", "kind" FROM "signal" WHERE $timeFilter AND "county" =~ /^$county$/ AND "kind" =~ /^(${kinds})$/`,
    textColumn: 'title',
    tagsColumn: 'state,kind',
    fromAnnotations: true,
    queryType: 'tags',
  }),
});
