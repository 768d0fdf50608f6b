import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataTransformerConfig, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Language } from './language.ts';
import { rows } from './query.ts';

// Names in place of ids. Figures carry ids; names stand in `place`, which the pipeline writes from the catalog. A panel asks for both
// and Grafana joins them by station. Queries of such panels are `rows`, grouped by station: Time, station, one value.

interface Named {
  withTarget(target: Builder<Dataquery>): this;
  withTransformation(transformation: DataTransformerConfig): this;
  overrideByFieldType(type: string, properties: DynamicConfigValue[]): this;
}

const NAME = { zh: 'name', en: 'name_en' } as const;
const TOWNSHIP = { zh: 'township_name', en: 'township_name_en' } as const;

/** Rows of the catalog as it is now: Time, station, name, township, longitude, latitude; target where there is one. */
export const places = (language: Language, refId = 'P', condition = ''): ReturnType<typeof rows> =>
  rows(
    refId,
    `SELECT last("${NAME[language]}") AS "name", last("${TOWNSHIP[language]}") AS "township", last("longitude") AS "longitude", last("latitude") AS "latitude" FROM "place" WHERE time > now() - 2d${condition === '' ? '' : ` AND ${condition}`} GROUP BY "station"`,
  );

const join = (mode: 'inner' | 'outerTabular'): DataTransformerConfig => ({
  id: 'joinByField',
  options: { byField: 'station', mode },
});

const hide = (...names: string[]): DataTransformerConfig => ({
  id: 'organize',
  options: { excludeByName: Object.fromEntries(names.map((name) => [name, true])), indexByName: {}, renameByName: {} },
});

/**
 * One curve a station, called by its name, from queries of `rows` with one value each. A station that the catalog does not have (any
 * more) has none.
 */
export const curvesByName = <P extends Named>(language: Language, panel: P): P =>
  panel
    .withTarget(
      rows('P', `SELECT last("${NAME[language]}") AS "name" FROM "place" WHERE time > now() - 2d GROUP BY "station"`),
    )
    .withTransformation(join('inner'))
    .withTransformation(hide('station', 'Time 2'))
    .withTransformation({
      id: 'partitionByValues',
      options: { fields: ['name'], keepFields: false, naming: { asLabels: true } },
    })
    .overrideByFieldType('number', [{ id: 'displayName', value: '$' + '{__field.labels.name}' }]);

/** Rows of one query beside name, township and position: for tables and maps. Places without a row of the query stay, empty. */
export const rowsByName = <P extends Named>(language: Language, panel: P, condition = ''): P =>
  panel
    .withTarget(places(language, 'P', condition))
    .withTransformation(join('outerTabular'))
    .withTransformation(hide('Time 2'));
