import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalog } from '../src/config/catalog.ts';
import { stationsOf } from '../src/core/catalog.ts';
import { LantianError } from '../src/core/errors.ts';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';

const SENSORS = join(import.meta.dirname, '../sensors/counties');

let folder: string;
const own = (file: string): string => join(folder, '140430', file);
const write = (file: string, ...lines: string[]): void => writeFileSync(own(file), `${lines.join('\n')}\n`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantian-catalog-'));
  mkdirSync(join(folder, '140430'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The mistakes that loading tells, with the temporary folder taken off. */
const mistakes = (): string[] => {
  try {
    loadCatalog(folder, '140430');
  } catch (thrown) {
    if (!(thrown instanceof LantianError)) throw thrown;
    expect(thrown.code).toBe('catalog-invalid');
    expect(thrown.message).toBe(
      `${thrown.details.length === 1 ? '1 mistake' : `${thrown.details.length} mistakes`} in the catalog of 140430`,
    );
    return thrown.details.map((line) => line.replaceAll(`${join(folder, '140430')}/`, ''));
  }
  return [];
};

const county = (...more: string[]): void =>
  write(
    'county.yaml',
    'county: { code: "140430", name: { zh: 沁县, en: Qinxian } }',
    'files: [places.yaml]',
    'townships:',
    '  - { id: dingchang, name: { zh: 定昌镇, en: Dingchang }, kind: township }',
    ...more,
  );

/** A places.yaml of one station whose lines begin at 2; `name` is always line 3. */
const station = (...lines: string[]): void =>
  write(
    'places.yaml',
    'stations:',
    '  - id: one',
    '    name: { zh: 一, en: One }',
    ...lines.map((line) => `    ${line}`),
  );

describe('the catalog of 沁县', () => {
  const catalog = loadCatalog(SENSORS, '140430');
  const inBox = ({ longitude = 0, latitude = 0 }) =>
    longitude >= 112.4667 && longitude <= 112.9 && latitude >= 36.4333 && latitude <= 36.9833;

  it('has eleven townships and the zone, each with a weather and an air station', () => {
    expect(catalog.townships.map(({ id }) => id)).toEqual(
      'dingchang guocun guxian xindian zhangyuan cecun qinzhouhuang nanli songcun niusi yangan zone'.split(' '),
    );
    expect(catalog.townships.filter(({ kind }) => kind === 'zone').map(({ id }) => id)).toEqual(['zone']);
    for (const { id } of catalog.townships) {
      expect(catalog.stations.get(`${id}-weather`)).toMatchObject({
        township: id,
        feeds: { weather: { period: 5 * MINUTE } },
      });
      expect(catalog.stations.get(`${id}-air`)).toMatchObject({ township: id, feeds: { air: { period: HOUR } } });
    }
    expect(
      stationsOf(catalog, 'air')
        .filter(({ assessed }) => assessed)
        .map(({ id }) => id),
    ).toEqual(['dingchang-air']);
  });

  it('has every hazard point of the table, in the township that its name says', () => {
    expect(catalog.hazardPoints.map(({ no }) => no)).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
    const zh = new Map(catalog.townships.map(({ id, name }) => [id, name.zh]));
    const astray = catalog.hazardPoints.filter(({ name, township }) => !name.startsWith(zh.get(township)!));
    expect(astray).toEqual([]);
    // Counted in 沁政办发〔2021〕18号: 10 landslides, 7 of medium size.
    expect(catalog.hazardPoints.filter(({ type }) => type === 'landslide')).toHaveLength(10);
    expect(catalog.hazardPoints.filter(({ size }) => size === 'medium')).toHaveLength(7);
    expect(catalog.hazardPoints.filter(({ township }) => township === 'songcun')).toHaveLength(12);
  });

  it('has schedules of months, instants and periods', () => {
    expect(catalog.stations.get('duanliu')!.feeds.water).toEqual({ period: 0, interval: 4 * HOUR });
    expect(catalog.stations.get('dustfall-1')!.feeds.dustfall).toEqual({ period: 'month', interval: 31 * DAY });
  });

  it('has outlets with the limits of their permits, and their enterprise', () => {
    expect(catalog.stations.get('huaan-coking-chimney')).toMatchObject({
      enterprise: 'huaan-coking',
      limits: { pm: 15, so2: 30, nox: 150 },
    });
    expect(catalog.stations.get('huaan-coking-chimney')).not.toHaveProperty('referenceOxygen');
    expect(catalog.stations.get('brick-works-1-kiln')).toMatchObject({ township: 'xindian', referenceOxygen: 18 });
    expect([...catalog.enterprises.values()].filter(({ example }) => !example).map(({ name }) => name.zh)).toEqual([
      '山西襄矿集团沁县华安焦化有限公司',
    ]);
  });

  it('calls everything an example that the sources do not name, and keeps it inside the county', () => {
    const real = [...catalog.stations.values()].filter(({ example }) => !example).map(({ id }) => id);
    expect(real).toEqual(['duanliu']);
    expect([...catalog.stations.values()].filter((one) => !inBox(one))).toEqual([]);
    for (const file of ['air', 'weather', 'dustfall', 'water', 'enterprises']) {
      const head = readFileSync(join(SENSORS, '140430', `${file}.yaml`), 'utf8').split(/^\w/m)[0];
      expect(head).toMatch(/示例[\s\S]*examples?/);
    }
  });

  it('takes a new station by an edit of its files alone', () => {
    cpSync(join(SENSORS, '140430'), join(folder, '140430'), { recursive: true });
    const lines = ['  - id: new-gauge', '    name: { zh: 新站, en: New gauge }', '    township: niusi'];
    const file = readFileSync(own('weather.yaml'), 'utf8');
    writeFileSync(own('weather.yaml'), `${file}${lines.join('\n')}\n    feeds: { weather: { period: PT1M } }\n`);
    const added = loadCatalog(folder, '140430').stations.get('new-gauge');
    expect(added).toEqual({
      id: 'new-gauge',
      name: { zh: '新站', en: 'New gauge' },
      township: 'niusi',
      feeds: { weather: { period: MINUTE, interval: MINUTE } },
      active: true,
      assessed: false,
      example: false,
    });
  });
});

describe('mistakes of a catalog', () => {
  it('a good one has none', () => {
    county();
    station('township: dingchang', 'feeds: { air: { period: PT1H } }');
    expect(mistakes()).toEqual([]);
  });

  it.each([
    [
      'an unknown key',
      ['feeds: { air: { period: PT1H } }', 'towship: x'],
      '5:5 stations[0].towship: unknown key, did you mean "township"?',
    ],
    [
      'an unknown feed',
      ['feeds: { wether: { period: PT1H } }'],
      '4:14 stations[0].feeds.wether: unknown key, did you mean "weather"?',
    ],
    [
      'a feed that no station reports',
      ['feeds: { forecast: { period: PT1H } }'],
      '4:14 stations[0].feeds.forecast: unknown key',
    ],
    ['no feed', ['feeds: {}'], '4:12 stations[0].feeds: a station reports at least one feed'],
    ['a missing key', ['township: dingchang'], '2:5 stations[0].feeds: is missing'],
    [
      'a bad duration',
      ['feeds: { air: { period: 1h } }'],
      '4:29 stations[0].feeds.air.period: not an ISO 8601 duration such as PT1H, nor P1M',
    ],
    [
      'an instant without interval',
      ['feeds: { water: { period: PT0S } }'],
      '4:31 stations[0].feeds.water.period: an instant (period PT0S) needs an interval such as PT4H',
    ],
    [
      'a bad interval',
      ['feeds: { water: { period: PT0S, interval: 4 h } }'],
      '4:47 stations[0].feeds.water.interval: not an ISO 8601 duration such as PT4H',
    ],
    [
      'no interval at all',
      ['feeds: { water: { period: PT0S, interval: PT0S } }'],
      '4:47 stations[0].feeds.water.interval: an interval is longer than nothing',
    ],
    [
      'an unknown township',
      ['township: dingchan', 'feeds: { air: { period: PT1H } }'],
      '4:15 stations[0].township: unknown township dingchan, did you mean "dingchang"?',
    ],
    [
      'an unknown enterprise',
      ['enterprise: nobody', 'feeds: { emission: { period: PT5M } }'],
      '4:17 stations[0].enterprise: unknown enterprise nobody',
    ],
    [
      'an outlet of no enterprise',
      ['feeds: { emission: { period: PT5M } }'],
      '2:5 stations[0].enterprise: a station with the feed emission needs one',
    ],
    [
      'limits where nothing is emitted',
      ['feeds: { air: { period: PT1H } }', 'limits: { pm: 10 }'],
      '5:13 stations[0].limits: only a station with the feed emission has one',
    ],
    [
      'a target where there is no water',
      ['feeds: { air: { period: PT1H } }', 'target: III'],
      '5:13 stations[0].target: only a station with the feed water has one',
    ],
    [
      'a class that is none',
      ['feeds: { water: { period: PT1H } }', 'target: VI'],
      '5:13 stations[0].target: expected one of "I"|"II"|"III"|"IV"|"V"',
    ],
    [
      'half a place',
      ['feeds: { air: { period: PT1H } }', 'longitude: 112.7'],
      '5:16 stations[0].longitude: latitude is missing',
    ],
    [
      'a wrong type',
      ['feeds: { air: { period: PT1H } }', 'active: 1'],
      '5:13 stations[0].active: expected boolean, received number',
    ],
  ])('%s', (_, lines, expected) => {
    county();
    station(...lines);
    expect(mistakes()).toEqual([`places.yaml:${expected}`]);
  });

  it.each([
    ['Big-One', 'an id is small letters a-z, digits and hyphens'],
    ['"站"', 'an id is small letters a-z, digits and hyphens'],
    ['county', 'an id cannot be county or signal'],
    ['signal', 'an id cannot be county or signal'],
    ['12', 'expected string, received number'],
  ])('the id %s', (id, message) => {
    county();
    write(
      'places.yaml',
      'stations:',
      `  - id: ${id}`,
      '    name: { zh: 一, en: One }',
      '    feeds: { air: { period: PT1H } }',
    );
    expect(mistakes()).toEqual([`places.yaml:2:9 stations[0].id: ${message}`]);
  });

  it('ids, numbers and files that are given twice, each with both places', () => {
    write(
      'county.yaml',
      'county: { code: "140430", name: { zh: 沁县, en: Qinxian } }',
      'files: [a.yaml, b.yaml, a.yaml]',
      'townships:',
      '  - { id: dingchang, name: { zh: 定昌镇, en: Dingchang }, kind: township }',
    );
    const stack = '{ id: same, name: { zh: 一, en: One }, feeds: { emission: { period: PT5M } } }';
    const firm = (id: string, outlets: string) =>
      `  - { id: ${id}, name: { zh: 厂, en: Works }, outlets: [${outlets}] }`;
    write('a.yaml', 'stations:', '  - { id: same, name: { zh: 一, en: One }, feeds: { air: { period: PT1H } } }');
    write(
      'b.yaml',
      'enterprises:',
      firm('works', stack),
      firm('works', stack.replace('same', 'dingchang')),
      'hazard_points:',
      '  - { no: 1, name: 一, township: dingchang, type: rockfall, size: small }',
      '  - { no: 1, name: 二, township: dingchang, type: rockfall, size: small }',
    );
    expect(mistakes()).toEqual([
      `b.yaml:2:62 enterprises[0].outlets[0].id: the id same is already at a.yaml:2:11`,
      `b.yaml:3:11 enterprises[1].id: the id works is already at b.yaml:2:11`,
      `b.yaml:3:62 enterprises[1].outlets[0].id: the id dingchang is already at county.yaml:4:11`,
      `b.yaml:6:11 hazard_points[1].no: the number 1 is already at b.yaml:5:11`,
      `county.yaml:2:25 files[2]: the file a.yaml is already at county.yaml:2:9`,
    ]);
  });

  it('hazard points and enterprises in unknown townships, limits of unknown quantities, oxygen that divides by nothing', () => {
    county();
    write(
      'places.yaml',
      'hazard_points:',
      '  - { no: 1, name: 一, township: nowhere, type: avalanche, size: small }',
      'enterprises:',
      '  - id: works',
      '    name: { zh: 厂, en: Works }',
      '    township: elsewhere',
      '    outlets:',
      '      - id: stack',
      '        name: { zh: 烟囱, en: Stack }',
      '        feeds: { emission: { period: PT5M } }',
      '        limits: { so3: 30, pm: 0 }',
      '        reference_oxygen: 21',
    );
    expect(mistakes()).toEqual([
      'places.yaml:2:33 hazard_points[0].township: unknown township nowhere',
      'places.yaml:2:48 hazard_points[0].type: expected one of "rockfall"|"landslide"',
      'places.yaml:6:15 enterprises[0].township: unknown township elsewhere',
      'places.yaml:11:19 enterprises[0].outlets[0].limits.so3: unknown key, did you mean "so2"?',
      'places.yaml:11:32 enterprises[0].outlets[0].limits.pm: expected number to be >0',
      'places.yaml:12:27 enterprises[0].outlets[0].reference_oxygen: expected number to be <21',
    ]);
  });

  it('files that are missing or not listed, and a county in another one’s folder', () => {
    write(
      'county.yaml',
      'county:',
      '  code: "140431"',
      '  name: { zh: 沁县, en: Qinxian }',
      'files: [gone.yaml]',
      'townships:',
      '  - { id: a, name: { zh: 甲, en: A }, kind: town }',
    );
    write('extra.yaml', 'stations: []');
    expect(mistakes()).toEqual([
      'county.yaml:2:9 county.code: 140431 stands in the folder of 140430',
      'county.yaml:4:9 files[0]: there is no gone.yaml',
      'county.yaml:6:44 townships[0].kind: expected one of "township"|"zone"',
      'extra.yaml:1:1: not listed under files in county.yaml',
    ]);
  });

  it('a county that is not there', () => {
    expect(mistakes()).toEqual([expect.stringMatching(/^county\.yaml: cannot be read: ENOENT/)]);
  });

  it('syntax, repeated keys and empty files, beside the mistakes of other files', () => {
    write(
      'county.yaml',
      'county: { code: "140430", name: { zh: 沁县, en: Qinxian } }',
      'files: [a.yaml, b.yaml, c.yaml]',
      'townships:',
      '  - { id: a, name: { zh: 甲, en: A }, kind: township }',
    );
    write('a.yaml', 'stations:', '  - id: [1');
    write('b.yaml', 'stations: []', 'stations: []');
    write('c.yaml', '# nothing');
    const found = mistakes();
    expect(found[0]).toMatch(/^a\.yaml:3:1: /);
    expect(found[1]).toBe('b.yaml:2:1: Map keys must be unique');
    expect(found[2]).toBe('c.yaml:1:1: expected object, received null');
    expect(found).toHaveLength(3);
  });
});
