import { z } from 'zod';
import type { FeedDefinition } from './definition.ts';
import { formOf, moment, phenomena, quantity } from './form.ts';

// A forecast speaks of its own window and is never averaged with another: the latest issue stands, hence `last` throughout.
const expected = (zh: string, en: string, unit: string, least: number, most: number) =>
  quantity(zh, en, unit, least, most, 'last');

const quantities = {
  rain: expected('预报降水量', 'Rain in the window', 'mm', 0, 5000),
  snow: expected('预报降雪量（折算成水）', 'Snow in the window, as water', 'mm', 0, 5000),
  hail: expected('预报冰雹直径', 'Hail, diameter', 'mm', 0, 500),
  temperature_max: expected('预报最高气温', 'Highest temperature', '°C', -100, 70),
  temperature_min: expected('预报最低气温', 'Lowest temperature', '°C', -100, 70),
  temperature_min_drop: expected('最低气温降幅', 'Drop of the night minimum', '°C', -100, 100),
  ground_temperature_min: expected('预报地面最低温度', 'Lowest ground temperature', '°C', -100, 100),
  // GB/T 28591 numbers the forces 0 to 17; "above 17" is sent as 18.
  wind_force: expected('预报平均风力', 'Wind force', 'Beaufort', 0, 18),
  gust_force: expected('预报阵风风力', 'Gust force', 'Beaufort', 0, 18),
  gust: expected('预报阵风风速', 'Gust', 'm/s', 0, 150),
  visibility: expected('预报最低能见度', 'Visibility', 'm', 0, 400_000),
  rain_1h_max: expected('预报最大小时雨量', 'Heaviest hour of rain', 'mm', 0, 500),
  // HJ 633 ends its scale at 500.
  daily_aqi: expected('预报日 AQI', 'Daily AQI', '1', 0, 500),
};

export const forecast: FeedDefinition = {
  feed: 'forecast',
  name: { zh: '预报', en: 'Forecast' },
  quantities,
  ...formOf(quantities, {
    from: moment,
    to: moment,
    phenomena: phenomena.optional(),
    trend: z.enum(['developing', 'easing']).optional(),
  }),
};
