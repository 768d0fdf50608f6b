import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { WATCHES } from '../dashboards/alerting.ts';
import { builtFiles } from '../dashboards/build.ts';
import { DASHBOARDS } from '../dashboards/index.ts';
import { AQI_STEPS } from '../dashboards/lib/colours.ts';
import { LANGUAGES } from '../dashboards/lib/language.ts';
import type { InfluxTarget } from '../dashboards/lib/query.ts';
import { AQI_LEVELS } from '../src/standards/aqi-levels.ts';
import { SERIES } from '../src/store/series.ts';
import {
  durationSeconds,
  panelMistakes,
  type Rule,
  ruleMistakes,
  uidMistake,
  variableMistake,
} from './support/grafana-rules.ts';

const root = join(import.meta.dirname, '../dashboards');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const yaml = <T>(file: string): T => parse(text(file)) as T;

const FILES = LANGUAGES.flatMap((language) => Object.keys(DASHBOARDS).map((name) => ({ name, language })));
const read = (name: string, language: string): Dashboard =>
  JSON.parse(text(`json/${language}/${name}.json`)) as Dashboard;
const all = FILES.map(({ name, language }) => read(name, language));

const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === 'row';
/** Panels of a dashboard, those of collapsed rows too. */
const panelsOf = ({ panels = [] }: Dashboard): Panel[] =>
  panels.flatMap((panel) => (isRow(panel) ? (panel.panels ?? []) : [panel]));
const targetsOf = (dashboard: Dashboard): InfluxTarget[] =>
  panelsOf(dashboard).flatMap(({ targets = [] }) => targets as InfluxTarget[]);
const SOURCE = { type: 'influxdb', uid: '$' + '{datasource}' };

describe('what is committed is what is built', () => {
  test.each([...builtFiles()])('%s', (file, made) => expect(text(file), 'run npm run dashboards').toBe(made));

  test('and nothing else lies there', () => {
    const found = LANGUAGES.flatMap((language) =>
      readdirSync(join(root, 'json', language)).map((file) => `json/${language}/${file}`),
    );
    expect(found.sort()).toEqual([...builtFiles().keys()].filter((file) => file.startsWith('json/')).sort());
  });
});

test('uids and titles are unique, as pkg/services/provisioning/dashboards/file_reader.go warns of', () => {
  expect(all.flatMap(({ uid }) => uidMistake(uid) ?? [])).toEqual([]);
  for (const key of ['uid', 'title'] as const) expect(new Set(all.map((one) => one[key])).size).toBe(all.length);
});

describe.each(FILES)('$language/$name', ({ name, language }) => {
  const dashboard = read(name, language);
  const variables = dashboard.templating.list ?? [];

  test('every panel has title, description, unit and a text for no data', () => {
    expect(panelsOf(dashboard).length).toBeGreaterThan(3);
    for (const { title, description, fieldConfig } of panelsOf(dashboard)) {
      expect(title).toBeTruthy();
      expect(description?.length, `description of ${title}`).toBeGreaterThan(language === 'zh' ? 8 : 20);
      expect(fieldConfig?.defaults.unit, `unit of ${title}`).toBeTruthy();
      expect(fieldConfig?.defaults.noValue, `no data of ${title}`).toBeTruthy();
    }
    const titles = panelsOf(dashboard).map(({ title }) => title);
    expect(titles).toEqual([...new Set(titles)]);
  });

  test('texts are in its language', () => {
    const texts = panelsOf(dashboard).flatMap((panel) => [panel.description, panel.fieldConfig?.defaults.noValue]);
    // A document's number is the same in every language.
    const worded = texts.map((one) => (one ?? '').replace(/[一-鿿]+(〔\d+〕|第)\d+号/g, ''));
    for (const one of worded) expect(/[一-鿿]/.test(one), one).toBe(language === 'zh');
  });

  test('panels, variables and marks ask the datasource that is chosen at the top', () => {
    expect(variables[0]).toMatchObject({ type: 'datasource', name: 'datasource', query: 'influxdb' });
    for (const panel of panelsOf(dashboard)) expect(panel.datasource, panel.title).toEqual(SOURCE);
    for (const { datasource } of targetsOf(dashboard)) expect(datasource).toEqual(SOURCE);
    for (const { type, datasource } of variables) if (type === 'query') expect(datasource).toEqual(SOURCE);
    for (const { datasource } of dashboard.annotations.list ?? []) expect(datasource).toEqual(SOURCE);
    expect(text(`json/${language}/${name}.json`).match(/"uid": "(?!\$\{datasource\}|lantian-)/g)).toBeNull();
  });

  test('marks have the target that public/app/features/query of Grafana asks, in the words of the InfluxDB plugin', () => {
    // executeAnnotationQuery takes `target`; public/app/plugins/datasource/influxdb/datasource.ts knows it by fromAnnotations and query.
    const found = (dashboard.annotations.list ?? []) as unknown as { query: string; target: Record<string, unknown> }[];
    expect(found.length).toBeGreaterThan(0);
    for (const { query, target } of found)
      expect(target).toMatchObject({ query, fromAnnotations: true, textColumn: 'title' });
  });

  test('every variable has "all", and goes into a query as a regular expression', () => {
    for (const { type, name: called, includeAll, multi, allValue, current } of variables) {
      if (type !== 'query') continue;
      expect({ called, includeAll, multi, allValue }).toEqual({
        called,
        includeAll: true,
        multi: true,
        allValue: '.*',
      });
      expect(current?.value).toEqual(['$__all']);
      const marks = JSON.stringify(dashboard.annotations.list ?? []);
      const uses = [...targetsOf(dashboard).map(({ query }) => query), marks].filter((query) =>
        query.includes(`$${called}`),
      );
      expect(uses.length, `uses of ${called}`).toBeGreaterThan(0);
      for (const query of uses) expect(query).toContain(`=~ /^$${called}$/`);
    }
  });

  test('is as Grafana reads it', () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    expect(panelsOf(dashboard).flatMap(panelMistakes)).toEqual([]);
    expect(variables.flatMap((variable) => variableMistake(variable) ?? [])).toEqual([]);
    const ids = (dashboard.panels ?? []).map(({ id }) => id);
    expect(ids.every((id) => Number.isInteger(id)) && new Set(ids).size === ids.length).toBe(true);
  });

  test('asks for series that the pipeline writes, in InfluxQL that every version has', () => {
    const queries = [...targetsOf(dashboard), ...variables]
      .map(({ query }) => String(query))
      .filter((query) => /FROM/.test(query));
    for (const query of queries) {
      for (const [, measurement = ''] of query.matchAll(/FROM "([a-z_]+)"/g))
        expect(SERIES, query).toHaveProperty(measurement);
      expect(query).not.toMatch(/\b(INTO|tz\(|SLIMIT|SOFFSET)\b/i);
    }
  });

  test('tables group by one tag at most, as Grafana mixes the columns of several', () => {
    for (const { query, resultFormat } of targetsOf(dashboard)) {
      // What a query within the query groups by is not seen outside.
      const outside = query.replace(/\([^()]*(\([^()]*\)[^()]*)*\)/g, '');
      const [, grouped = ''] = /GROUP BY (.+?)( fill| ORDER| LIMIT|$)/.exec(outside) ?? [];
      const tags = grouped.split(',').filter((part) => part !== '' && !/^ ?time/.test(part));
      if (resultFormat === 'table') expect(tags.length, query).toBeLessThanOrEqual(1);
    }
  });
});

test('colours of the AQI are the document’s, from its limits', () => {
  expect(AQI_STEPS.map(([, colour]) => colour)).toEqual(AQI_LEVELS.map(({ colour }) => colour.hex));
  expect(AQI_STEPS.slice(1).map(([value]) => value)).toEqual(AQI_LEVELS.slice(0, -1).map(({ most }) => most + 1));
});

describe('alert rules', () => {
  const { groups } = yaml<{ groups: { name: string; folder: string; interval: string; rules: Rule[] }[] }>(
    'provisioning/alerting/rules.yaml',
  );
  const rules = groups.flatMap((group) => group.rules);

  test('are as Grafana reads them', () => {
    expect(rules).toHaveLength(WATCHES.length);
    expect(rules.flatMap(ruleMistakes)).toEqual([]);
    for (const key of ['uid', 'title'] as const)
      expect(new Set(rules.map((rule) => rule[key])).size).toBe(rules.length);
    // pkg/services/ngalert/models ValidateRuleGroupInterval: a multiple of the scheduler's ten seconds.
    for (const { name, folder, interval } of groups) {
      expect(name && folder).toBeTruthy();
      expect(durationSeconds(interval) % 10).toBe(0);
    }
  });

  test('what is wrong would be found', () => {
    const [rule] = rules;
    const broken: Partial<Rule>[] = [
      { uid: 'x'.repeat(41) },
      { uid: 'a b' },
      { condition: 'Z' },
      { for: '1 minute' },
      { noDataState: 'Silent' },
      { labels: { county: '$county' } },
      { data: rule!.data.map((query) => ({ ...query, relativeTimeRange: { from: 0, to: 0 } })) },
      { data: rule!.data.slice(1) },
    ];
    for (const change of broken) expect(ruleMistakes({ ...rule!, ...change }), JSON.stringify(change)).not.toEqual([]);
  });

  test('watch the pipeline alone: thresholds of documents are not Grafana’s', () => {
    for (const { query } of WATCHES) expect(query).toMatch(/FROM "pipeline(_store)?" WHERE \$timeFilter/);
    expect(WATCHES.filter(({ silence }) => silence === 'Alerting').map(({ uid }) => uid)).toEqual(['lantian-dead']);
  });
});

describe('provisioning', () => {
  test('rules and dashboards find the datasource, which is the same for every version of InfluxDB', () => {
    for (const folder of ['datasources', 'datasources-influx1']) {
      // pkg/services/provisioning/datasources/types.go: upsertDataSourceFromConfigV1.
      const { apiVersion, datasources } = yaml<{ apiVersion: number; datasources: Record<string, unknown>[] }>(
        `provisioning/${folder}/lantian.yaml`,
      );
      expect(apiVersion).toBe(1);
      expect(datasources).toHaveLength(1);
      expect(datasources[0]).toMatchObject({ name: 'Lantian', uid: 'lantian', type: 'influxdb', access: 'proxy' });
      // pkg/tsdb/influxdb/influxql/influxql.go: httpMode is GET or POST; the database is jsonData.dbName.
      expect(datasources[0]!['jsonData']).toMatchObject({ httpMode: 'POST', dbName: '$' + '{LANTIAN_STORE_DATABASE}' });
    }
    for (const dashboard of all)
      expect('Lantian').toMatch(new RegExp(dashboard.templating.list![0]!.regex!.slice(1, -1)));
  });

  test('dashboards: a provider for each language, with a folder of its own', () => {
    // pkg/services/provisioning/dashboards/config_reader.go and file_reader.go: type file, options.path; a folderUid twice is an error.
    const { providers } = yaml<{ providers: { type: string; folderUid: string; options: { path: string } }[] }>(
      'provisioning/dashboards/lantian.yaml',
    );
    expect(providers.map(({ options }) => options.path.split('/').at(-1)).sort()).toEqual([...LANGUAGES].sort());
    expect(providers.map(({ type }) => type)).toEqual(['file', 'file']);
    expect(providers.flatMap(({ folderUid }) => uidMistake(folderUid) ?? [])).toEqual([]);
    expect(new Set(providers.map(({ folderUid }) => folderUid)).size).toBe(2);
  });

  test('alerts go to a contact point that there is, whose address is no part of the project', () => {
    // pkg/services/provisioning/alerting/contact_point_types.go: name, uid, type and settings.
    const { contactPoints } = yaml<{ contactPoints: { name: string; receivers: Record<string, unknown>[] }[] }>(
      'provisioning/alerting/contact-points.yaml',
    );
    const { policies } = yaml<{ policies: { receiver: string }[] }>('provisioning/alerting/policies.yaml');
    expect(policies.map(({ receiver }) => receiver)).toEqual(contactPoints.map(({ name }) => name));
    const receiver = contactPoints[0]!.receivers[0]!;
    expect(uidMistake(receiver['uid'])).toBeUndefined();
    expect(receiver).toMatchObject({ type: 'webhook', settings: { url: '$' + '{LANTIAN_ALERT_URL}' } });
  });
});
