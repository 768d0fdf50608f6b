import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './query.ts';

/** What the InfluxDB plugin reads of an annotation beside the dashboard's own schema. */
interface Marks {
  readonly query: string;
  readonly textColumn: string;
  readonly tagsColumn: string;
  readonly fromAnnotations: true;
  readonly queryType: string;
}

const marks = (kinds: string): Marks => ({
  query: `SELECT "title", "state", "kind" FROM "signal" WHERE $timeFilter AND "county" =~ /^$county$/ AND "kind" =~ /^(${kinds})$/`,
  textColumn: 'title',
  tagsColumn: 'state,kind',
  fromAnnotations: true,
  queryType: 'tags',
});

/** Marks on every panel where a signal of these kinds changed. `kinds` is a regular expression, `.*` for all. */
export const signalMarks = (name: string, kinds: string, colour: string): Builder<AnnotationQuery> => ({
  build: (): AnnotationQuery & Marks => ({
    ...new AnnotationQueryBuilder()
      .name(name)
      .datasource(DATASOURCE)
      .enable(true)
      .hide(false)
      .iconColor(colour)
      .build(),
    // Grafana asks what stands in `target`, and nothing where there is none; its editor shows what stands beside it.
    target: { refId: 'Anno', ...marks(kinds), _implementsDataqueryVariant: () => {} } as Dataquery,
    ...marks(kinds),
  }),
});
