import type { FeedDefinition } from './definition.ts';
import { formOf, phenomena, quantity } from './form.ts';

const quantities = {
  rain: quantity('降水量', 'Rain', 'mm', 0, 2000, 'sum'),
  snow: quantity('降雪量（折算成水）', 'Snow, as water', 'mm', 0, 2000, 'sum'),
  hail: quantity('冰雹直径', 'Hail, diameter', 'mm', 0, 500, 'max'),
  wind_speed: quantity('风速', 'Wind speed', 'm/s', 0, 150),
  gust: quantity('阵风风速', 'Gust', 'm/s', 0, 150, 'max'),
  wind_direction: quantity('风向', 'Wind direction', '°', 0, 360, 'direction'),
  temperature: quantity('气温', 'Air temperature', '°C', -100, 70),
  ground_temperature: quantity('地面温度', 'Ground temperature', '°C', -100, 100),
  humidity: quantity('相对湿度', 'Relative humidity', '%', 0, 100),
  // The lowest, not the mean: fog and sandstorms are judged by how far one could see at the worst, which a mean hides.
  visibility: quantity('能见度', 'Visibility', 'm', 0, 400_000, 'min'),
  pressure: quantity('气压', 'Pressure', 'hPa', 300, 1100),
  lightning: quantity('闪电次数', 'Lightning strokes', 'count', 0, 1_000_000, 'sum'),
  // MCI (GB/T 20481-2017) is worked out once a day and already looks back 150 days: the latest one stands.
  drought_index: quantity('气象干旱综合指数 MCI', 'Drought index MCI', 'MCI', -20, 20, 'last'),
};

export const weather: FeedDefinition = {
  feed: 'weather',
  name: { zh: '气象', en: 'Weather' },
  quantities,
  ...formOf(quantities, { phenomena: phenomena.optional() }),
};
