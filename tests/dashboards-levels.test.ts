import type { ValueMap } from '@grafana/grafana-foundation-sdk/dashboard';
import { expect, test } from 'vitest';
import { RANK_COLOURS } from '../dashboards/lib/colours.ts';
import {
  planRain,
  responseLevels,
  signalStates,
  warningLevels,
  warningRain,
  waterClasses,
} from '../dashboards/lib/levels.ts';

// Amounts and levels on the panels, against the documents as they are printed.

const [, BLUE, YELLOW, ORANGE, RED] = [0, 1, 2, 3, 4].map((rank) => RANK_COLOURS[rank as 0]);
const texts = ({ options }: ValueMap): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).map(([value, { text }]) => [value, text]));

test('沁政办发〔2021〕19号 附件6 (1): 24 h of rain that fell, by the highest level each amount counts for', () => {
  expect(planRain('observed').slice(1)).toEqual([
    [50, YELLOW], // Ⅳ, and Ⅲ with as much forecast
    [100, ORANGE],
    [150, RED],
  ]);
});

test('the same of rain that is forecast, where that alone makes up a level', () => {
  expect(planRain('forecast').slice(1)).toEqual([
    [50, BLUE],
    [100, ORANGE], // Ⅲ in three townships, Ⅱ in six
  ]);
});

test('中国气象局令第16号 附件 二: rain within 12, 6 and 3 h', () => {
  expect(warningRain(12).slice(1)).toEqual([[50, BLUE]]);
  expect(warningRain(6).slice(1)).toEqual([[50, YELLOW]]);
  expect(warningRain(3).slice(1)).toEqual([
    [50, ORANGE],
    [100, RED],
  ]);
});

test('ranks of the series are called by the levels of their document', () => {
  expect(texts(responseLevels('zh'))).toEqual({ 0: '无', 1: 'Ⅳ级', 2: 'Ⅲ级', 3: 'Ⅱ级', 4: 'Ⅰ级' });
  expect(texts(warningLevels('zh'))).toEqual({ 0: '无', 1: '蓝色', 2: '黄色', 3: '橙色', 4: '红色' });
});

test('classes of water have their numeral, grade and colour', () => {
  expect(texts(waterClasses('zh'))).toMatchObject({ 1: 'Ⅰ 优', 2: 'Ⅱ 优', 3: 'Ⅲ 良好', 6: '劣Ⅴ 重度污染' });
  expect(Object.values(waterClasses('en').options).map(({ color }) => color)).toHaveLength(6);
});

test('every state of a signal has a word', () => {
  const states = ['proposed', 'agreed', 'active', 'lift-proposed', 'lifted', 'lapsed'];
  expect(Object.keys(signalStates('zh').options)).toEqual(states);
});
