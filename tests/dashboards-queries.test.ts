import { beforeAll, describe, expect, it } from 'vitest';
import { DASHBOARDS } from '../dashboards/index.ts';
import { LANGUAGES } from '../dashboards/lib/language.ts';
import { type County, DATABASE, liveCounty } from './support/county.ts';
import {
  type Choices,
  type Dashboard,
  interpolated,
  lengthOf,
  type Panel,
  panelsOf,
  type Variable,
  valuesOf,
} from './support/grafana.ts';
import { type InfluxRow, influxTable } from './support/influx.ts';
import { startInflux } from './support/servers.ts';
import { ECOLOGY } from './support/shown/ecology.ts';
import { ENTERPRISE } from './support/shown/enterprise.ts';
import { METEOROLOGY } from './support/shown/meteorology.ts';
import { OPERATIONS } from './support/shown/operations.ts';
import type { Expected, Range, Shown } from './support/shown/rows.ts';

// Every query of every panel, variable and annotation, put together as Grafana does and asked of a real InfluxDB that the pipeline has
// filled with the simulator's busiest days; what comes back is held against what the pipeline wrote to its embedded store. Both languages
// ask the same but for the names of fields that hold names.

/** Panels that the simulated days leave empty, each with its reason: at most three. */
const EMPTY: Readonly<Record<string, string>> = {};

/** What panels have to show, by dashboard and title. */
const SHOWN: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  ecology: ECOLOGY,
  enterprise: ENTERPRISE,
  meteorology: METEOROLOGY,
  operations: OPERATIONS,
};

const dashboards = LANGUAGES.flatMap((language) =>
  Object.entries(DASHBOARDS).map(([name, make]) => ({
    language,
    name,
    // As Grafana reads it from the file.
    dashboard: JSON.parse(JSON.stringify(make(language))) as Dashboard,
  })),
);
const chinese = dashboards.filter(({ language }) => language === 'zh');

let county: County;
let url: string;

beforeAll(async () => {
  ({ url } = await startInflux());
  county = await liveCounty(url);
  return () => county.close();
}, 120_000);

const rangeOf = ({ time }: Dashboard, panel?: Panel): Range => ({
  from: county.now - lengthOf(panel?.timeFrom ?? time.from),
  to: county.now,
});

const ask = (dashboard: Dashboard, query: string, choices: Choices = {}, panel?: Panel): Promise<InfluxRow[]> => {
  const moment = { ...rangeOf(dashboard, panel), interval: panel?.interval ?? '5m' };
  return influxTable(url, DATABASE, interpolated(query, choices, moment));
};

/** Numbers to nine digits, absent for null, in any order of rows. */
const canonical = (rows: readonly Shown[], columns: ReadonlySet<string>): string[] =>
  rows
    .map((row) =>
      JSON.stringify(
        Object.entries(row)
          .filter(([name, value]) => columns.has(name) && value !== null && value !== undefined)
          .map(([name, value]) => [name, typeof value === 'number' ? Number(value.toPrecision(9)) : value])
          .sort(([a], [b]) => String(a).localeCompare(String(b))),
      ),
    )
    .filter((row) => row !== '[]')
    .sort();

/** Columns that a row says something by; a bucket or a sum has a time that says nothing. */
const columnsOf = (expected: readonly Shown[]): Set<string> => new Set(expected.flatMap(Object.keys));

const valuesIn = async (dashboard: Dashboard, { query, regex }: Variable): Promise<string[]> => {
  const rows = await ask(dashboard, query);
  const texts = rows.map(({ time, key, ...rest }) => String(Object.values(rest)[0]));
  return valuesOf(texts, { ...(regex === undefined ? {} : { regex }) });
};

const queriesOf = ({ templating }: Dashboard): Variable[] => templating.list.filter(({ type }) => type === 'query');

/** A choice that is asked for in a query: `$name`, as a word. */
const asksFor = (query: string, { name }: Variable): boolean => new RegExp(`\\$\\{?${name}\\b`).test(query);

describe.each(chinese)('$name', ({ name, dashboard }) => {
  const expectations = SHOWN[name] ?? {};

  it('every panel shows what the pipeline worked out', async () => {
    const told = panelsOf(dashboard);
    expect(Object.keys(expectations).sort()).toEqual(told.map(({ title }) => title).sort());
    for (const panel of told) {
      const expected = await expectations[panel.title]!(county, rangeOf(dashboard, panel));
      expect(Object.keys(expected).sort(), panel.title).toEqual(panel.targets!.map(({ refId }) => refId).sort());
      for (const { refId, query } of panel.targets!) {
        const rows = await ask(dashboard, query, {}, panel);
        const columns = columnsOf(expected[refId]!);
        expect(canonical(rows, columns), `${panel.title} ${refId}`).toEqual(canonical(expected[refId]!, columns));
        if (EMPTY[panel.title] === undefined) expect(rows, `${panel.title} ${refId} is empty`).not.toHaveLength(0);
      }
    }
  });

  it('every variable offers values, and every query follows each choice', async () => {
    for (const variable of queriesOf(dashboard)) {
      const offered = await valuesIn(dashboard, variable);
      expect(offered, variable.name).not.toHaveLength(0);
      const asking = panelsOf(dashboard).flatMap((panel) =>
        panel.targets!.filter(({ query }) => asksFor(query, variable)).map(({ query }) => ({ panel, query })),
      );
      expect(asking, variable.name).not.toHaveLength(0);
      for (const { panel, query } of asking) {
        const of = (...chosen: string[]) => ask(dashboard, query, { [variable.name]: chosen }, panel);
        const all = await ask(dashboard, query, {}, panel);
        const told = all.every((row) => row[variable.name] !== undefined);
        const [one, two] = [offered.slice(0, 1), offered.slice(0, 2)];
        for (const ids of [one, two]) {
          const rows = await of(...ids);
          // A sum over what is chosen does not say of whom it is: with a single value to choose it is that of all.
          if (told)
            expect(rows, `${panel.title} ${ids}`).toEqual(
              all.filter((row) => ids.includes(String(row[variable.name]))),
            );
          else if (offered.length === 1) expect(rows, `${panel.title} ${ids}`).toEqual(all);
        }
        // A dot is a dot, not any character; and what nothing has shows nothing.
        expect(await of(one[0]!.replace(/.$/, '.')), panel.title).toEqual([]);
      }
    }
  });

  it('marks on the panels are the changes of signals', async () => {
    const range = rangeOf(dashboard);
    for (const { name: mark, query } of dashboard.annotations.list ?? []) {
      if (query === undefined) continue;
      const kinds = new RegExp(/"kind" =~ \/(.*?)\//.exec(query)![1]!);
      const changes = await county.read({ measurement: 'signal', from: range.from, to: range.to + 1 });
      const expected = changes.filter(({ tags }) => kinds.test(tags['kind']!));
      const rows = await ask(dashboard, query);
      expect(
        rows.map(({ time, title, state }) => ({ time, title, state })),
        mark,
      ).toEqual(expected.map(({ time, fields: { title, state } }) => ({ time, title, state })));
      expect(rows, mark).not.toHaveLength(0);
    }
  });

  it('English panels ask the same', () => {
    const english = dashboards.find((one) => one.language === 'en' && one.name === name)!.dashboard;
    const asked = (of: Dashboard): string[] =>
      [...panelsOf(of).flatMap((panel) => panel.targets!), ...queriesOf(of)].map(({ query }) =>
        query.replace(/"(name|label|township_name|enterprise_name)_en"/g, '"$1"'),
      );
    expect(asked(english)).toEqual(asked(dashboard));
  });
});

it('an hour above the permit stands out however far one zooms out', async () => {
  const { dashboard } = chinese.find(({ name }) => name === 'enterprise')!;
  const panels = panelsOf(dashboard).filter(({ title }) => title.endsWith('折算浓度'));
  for (const panel of panels) {
    const query = panel.targets!.find(({ refId }) => refId === 'A')!.query;
    const highest = async (interval: string): Promise<number> => {
      const rows = await ask(dashboard, query, {}, { ...panel, interval });
      return Math.max(...rows.flatMap(({ time, ...rest }) => Object.values(rest).map(Number)));
    };
    expect(await highest('12h'), panel.title).toBe(await highest('1h'));
  }
});

it('at most three panels are left empty', () => {
  expect(Object.keys(EMPTY).length).toBeLessThanOrEqual(3);
});
