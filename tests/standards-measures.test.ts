// 附件5 of 沁政办发〔2021〕19号: every hazard, level and department that its tables have, counted here from the annex itself.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MEASURES, measuresFor, NONE_NAMED } from '../src/standards/weather-measures-2021.ts';
import { HAZARDS, LEVELS } from '../src/standards/weather-plan-2021.ts';

const SOURCE = new URL('../../shared/sources/weather-emergency-plan-2021.txt', import.meta.url);
const isThere = existsSync(SOURCE);
if (!isThere) process.stdout.write('../shared is missing: measures are not compared with the annex\n');

/** The first column of each table, read off the annex; 应急部门 stands twice in that of rain. */
const DEPARTMENTS: Record<string, string> = {
  rainstorm:
    '公安部门 教育部门 住建部门 园林部门 农业部门 水利部门 应急部门 公路部门 卫生部门 交通部门 旅游部门 各级政府 各乡镇、街道、村 武警部队 宣传媒体 市民 学校 社区 建筑工地 供电、供水、燃气等基础设施单位',
  snowstorm:
    '公安部门 教育部门 城管部门 农业部门 应急部门 公路部门 交通部门 旅游部门 安监部门 各级政府 各乡镇、街道、村 武警部队 宣传媒体 市民 学校 社区 供电、供水、燃气等基础设施单位',
  'cold-wave': '应急部门 市政部门 农林渔业部门 卫生部门 各级政府 各乡镇、街道、村 宣传媒体 市民 社区',
  gale: '市场部门 电力、通信部门 农林渔业部门 卫体部门 各级政府 各乡镇、街道、村 宣传媒体 市民 社区',
  'high-temperature':
    '公安部门 教育部门 住建部门 市政部门 农林渔业部门 水利部门 民政部门 卫体部门 交通部门 旅游部门 电力部门 人社部门 市场部门 应急部门 各级政府 各乡镇、街道、村 宣传媒体 市民 社区',
  lightning:
    '公安消防部门 交通部门 教育部门 公安部门 市政部门 应急部门 旅游部门 卫体部门 事发地政府 宣传媒体 市民 社区',
  fog: '教育部门 交通部门 卫体部门 宣传媒体 市民',
  'road-icing': '教育部门 交通部门 卫体部门 宣传媒体 市民',
};

/** Rows with nothing in a column: armed police come in at Ⅰ of snow. */
const ABSENT: Record<string, string> = {
  'snowstorm IV': '武警部队',
  'snowstorm III': '武警部队',
  'snowstorm II': '武警部队',
};
/** Tables that begin at Ⅲ. */
const FROM_III = ['lightning', 'fog', 'road-icing'];
const COLOURS = { IV: 'blue', III: 'yellow', II: 'orange', I: 'red' } as const;

const cases = Object.keys(DEPARTMENTS).flatMap((hazard) => LEVELS.map((level) => ({ hazard, level })));
const named = (hazard: string, level: string) => measuresFor(hazard, level).map(({ department }) => department.zh);
const items = (hazard: string, level: string, zh: string) =>
  measuresFor(hazard, level)
    .filter(({ department }) => department.zh === zh)
    .flatMap((measure) => measure.items.map((item) => item.zh));

describe('measures', () => {
  test.each(cases)('$hazard $level: every department of its table, in order', ({ hazard, level }) => {
    const none = FROM_III.includes(hazard) && level === 'IV';
    const expected = DEPARTMENTS[hazard]!.split(' ').filter((zh) => zh !== ABSENT[`${hazard} ${level}`]);
    expect(named(hazard, level)).toEqual(none ? [] : expected);
    for (const { items: all, clause } of measuresFor(hazard, level)) {
      expect(all.length).toBeGreaterThan(0);
      expect(clause).toMatch(/^附件5 \p{Script=Han}+$/u);
    }
    expect(measuresFor(hazard, COLOURS[level])).toEqual(measuresFor(hazard, level));
  });

  test('hazards without a table have none, and it is said', () => {
    const without = Object.keys(HAZARDS).filter((hazard) => !(hazard in DEPARTMENTS));
    expect(without).toEqual(['severe-convection', 'sandstorm', 'drought', 'frost']);
    for (const hazard of [...without, 'typhoon', 'toString'])
      for (const level of LEVELS) expect(measuresFor(hazard, level)).toEqual([]);
    expect(measuresFor('rainstorm', 'V')).toEqual([]);
    expect(NONE_NAMED.zh).toContain('附件5');
  });

  test('what differs by level does', () => {
    expect(items('rainstorm', 'IV', '市民')).toEqual(['关注暴雨消息和动态', '不去暴雨区游玩，不下湖游泳']);
    expect(items('rainstorm', 'II', '市民')).toEqual(['少外出、早回家', '关好门窗防雨水进屋']);
    expect(items('rainstorm', 'I', '建筑工地')).toEqual(['户外停工']);
    expect(items('high-temperature', 'I', '教育部门')[0]).toContain('停课');
    expect(items('high-temperature', 'II', '教育部门')).toEqual(['停办户外活动']);
    expect(items('gale', 'I', '电力、通信部门')).toEqual(['严密监控架空线路，事先加固', '及时抢修受损线路']);
    expect(items('fog', 'II', '交通部门')).toContain('高速公路限流限速');
    expect(items('fog', 'III', '交通部门')).not.toContain('高速公路限流限速');
  });

  test('in both languages, short, each once', () => {
    for (const { hazard, level } of cases)
      for (const { department, items: all } of measuresFor(hazard, level)) {
        expect(new Set(all.map(({ zh }) => zh)).size).toBe(all.length);
        for (const { zh, en } of [department, ...all]) {
          expect(zh).toMatch(/\p{Script=Han}/u);
          expect(zh.length).toBeLessThanOrEqual(26);
          expect(en).toMatch(/^[A-Z][^\p{Script=Han}]{3,}[^.]$/u);
          expect(en.length).toBeLessThanOrEqual(90);
        }
      }
  });
});

describe.skipIf(!isThere)('held against the annex', () => {
  const plain = readFileSync(isThere ? SOURCE : new URL(import.meta.url), 'utf8').replace(/\s/g, '');
  const annex = plain.slice(
    plain.indexOf('暴雨灾害的部门联动和社会响应'),
    plain.indexOf('县级气象灾害应急响应标准Ⅰ级'),
  );
  const duties = Object.values(MEASURES).flatMap(({ rows }) => rows.flatMap((one) => one.duties));

  test('no twelve characters in a row are its own', () => {
    expect(annex.length).toBeGreaterThan(4000);
    const copied = duties.filter(({ zh }) =>
      Array.from({ length: Math.max(0, zh.length - 11) }, (_, at) => zh.slice(at, at + 12)).some((part) =>
        annex.includes(part),
      ),
    );
    expect(copied).toEqual([]);
  });

  test('its departments are those counted', () => {
    const words = new Set(Object.values(DEPARTMENTS).flatMap((list) => list.split(' ')));
    for (const word of words)
      expect(annex.includes(word) || word === '卫体部门' || word === '农林渔业部门', word).toBe(true);
    const printed = new Set(
      annex.match(
        /(?:公安消防|公安|教育|住建|园林|城管|农业|农林渔业|市政|水利|应急|安监|公路|卫生|卫体|交通|旅游|民政|市场|人社|电力|电力、通信)部门/g,
      ),
    );
    for (const word of printed) expect(words.has(word) || word === '通信部门', word).toBe(true);
  });
});
