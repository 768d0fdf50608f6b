import { z } from 'zod';
import type { FeedDefinition } from './definition.ts';
import { formOf, quantity } from './form.ts';

// As measured, dry, 273 K, 101.325 kPa; conversion to the reference oxygen comes later. Zero drift allows small negatives.
const concentration = (zh: string, en: string) => quantity(zh, en, 'mg/m³', -50, 100_000);

const quantities = {
  pm: concentration('颗粒物', 'Particulate matter'),
  so2: concentration('二氧化硫', 'Sulphur dioxide'),
  nox: concentration('氮氧化物（以 NO₂ 计）', 'Nitrogen oxides, as NO₂'),
  o2: quantity('含氧量', 'Oxygen', '%', -1, 30),
  flow: quantity('烟气流量', 'Flow', 'm³/h', -10_000, 10_000_000),
  temperature: quantity('烟气温度', 'Flue gas temperature', '°C', -60, 2000),
  // HJ 212 a01013 is in kPa; gauge pressure (below zero behind a fan) or absolute.
  pressure: quantity('烟气压力', 'Flue gas pressure', 'kPa', -101.325, 500),
  humidity: quantity('烟气湿度', 'Flue gas humidity', '%', 0, 100),
};

export const emission: FeedDefinition = {
  feed: 'emission',
  name: { zh: '固定源排放', en: 'Stack emission' },
  quantities,
  ...formOf(quantities, {
    status: z.enum(['running', 'starting', 'stopping', 'stopped', 'fault', 'calibration']).optional(),
  }),
};
