import type { FeedDefinition } from './definition.ts';
import { formOf, quantity } from './form.ts';

// Analysers drift around zero, so small negatives are real readings (HJ 817 and HJ 818 treat them, they do not deny them).
const gas = (zh: string, en: string) => quantity(zh, en, 'µg/m³', -50, 20_000);
// Dust storms of northern China exceed 10,000 µg/m³.
const dust = (zh: string, en: string) => quantity(zh, en, 'µg/m³', -50, 100_000);

const quantities = {
  pm25: dust('细颗粒物 PM2.5', 'PM2.5'),
  pm10: dust('可吸入颗粒物 PM10', 'PM10'),
  tsp: dust('总悬浮颗粒物', 'Total suspended particles'),
  so2: gas('二氧化硫', 'Sulphur dioxide'),
  no2: gas('二氧化氮', 'Nitrogen dioxide'),
  nox: gas('氮氧化物', 'Nitrogen oxides'),
  o3: gas('臭氧', 'Ozone'),
  co: quantity('一氧化碳', 'Carbon monoxide', 'mg/m³', -5, 1000),
};

export const air: FeedDefinition = {
  feed: 'air',
  name: { zh: '环境空气', en: 'Ambient air' },
  quantities,
  ...formOf(quantities, {}),
};
