import type { FeedDefinition } from './definition.ts';
import { formOf, quantity } from './form.ts';

// Automatic stations drift a little below zero near their detection limit; 100,000 mg/L is a tenth of the water's own weight.
const dissolved = (zh: string, en: string) => quantity(zh, en, 'mg/L', -1, 100_000);

const quantities = {
  water_temperature: quantity('水温', 'Water temperature', '°C', -5, 100),
  ph: quantity('pH 值', 'pH', '1', 0, 14),
  dissolved_oxygen: quantity('溶解氧', 'Dissolved oxygen', 'mg/L', -1, 100),
  permanganate_index: dissolved('高锰酸盐指数', 'Permanganate index'),
  cod: dissolved('化学需氧量', 'Chemical oxygen demand'),
  bod5: dissolved('五日生化需氧量', 'Biochemical oxygen demand, 5 d'),
  ammonia_nitrogen: dissolved('氨氮', 'Ammonia nitrogen'),
  total_phosphorus: dissolved('总磷', 'Total phosphorus'),
  total_nitrogen: dissolved('总氮', 'Total nitrogen'),
  copper: dissolved('铜', 'Copper'),
  zinc: dissolved('锌', 'Zinc'),
  fluoride: dissolved('氟化物', 'Fluoride'),
  selenium: dissolved('硒', 'Selenium'),
  arsenic: dissolved('砷', 'Arsenic'),
  mercury: dissolved('汞', 'Mercury'),
  cadmium: dissolved('镉', 'Cadmium'),
  chromium_vi: dissolved('六价铬', 'Chromium(VI)'),
  lead: dissolved('铅', 'Lead'),
  cyanide: dissolved('氰化物', 'Cyanide'),
  volatile_phenol: dissolved('挥发酚', 'Volatile phenol'),
  petroleum: dissolved('石油类', 'Petroleum'),
  anionic_surfactant: dissolved('阴离子表面活性剂', 'Anionic surfactant'),
  sulfide: dissolved('硫化物', 'Sulfide'),
  faecal_coliform: quantity('粪大肠菌群', 'Faecal coliform', '1/L', 0, 1e12),
  conductivity: quantity('电导率', 'Conductivity', 'µS/cm', 0, 1_000_000),
  turbidity: quantity('浊度', 'Turbidity', 'NTU', -10, 100_000),
  // A gauge's reading or an elevation above the sea, whichever the station sends.
  water_level: quantity('水位', 'Water level', 'm', -500, 9000),
};

const WITHOUT_LIMIT: readonly string[] = ['water_temperature', 'ph', 'water_level'];

/**
 * The detection limit that a value's flag names, in the quantity's unit. A laboratory that found less than its method can tell writes
 * the limit and an L: `0.004L`. Such a value is the limit, its flag the text as it was written. undefined: the text is no such.
 */
export const detectionLimit = (quantity: string, text: string): number | undefined => {
  if (WITHOUT_LIMIT.includes(quantity) || !/^\d+(\.\d+)?L$/.test(text)) return undefined;
  return Number(text.slice(0, -1)) || undefined;
};

export const water: FeedDefinition = {
  feed: 'water',
  name: { zh: '地表水', en: 'Surface water' },
  quantities,
  ...formOf(quantities, {}),
};
