import { HOUR } from '../../../src/core/time.ts';
import type { FieldValue } from '../../../src/core/types.ts';
import { type Make, numberOf, summed } from './buckets.ts';
import { catalogued, type Expected, shown } from './rows.ts';

const ITEMS = ['pm', 'so2', 'nox'];

/** One number over the days of all outlets. */
const ofDays =
  (of: Make, field: string): Expected =>
  async (county, range) => ({ A: await summed(county, 'emission_compliance_day', range, { of, field }) });

/** Hourly concentrations and their limit, over the outlets that are chosen. */
const hours =
  (item: string): Expected =>
  async (county, range) => {
    const curve = (field: string) => summed(county, 'emission_compliance', range, { of: 'max', field, every: HOUR });
    return { A: await curve(`converted_${item}`), B: await curve(`limit_${item}`) };
  };

/** A figure of each outlet's days. */
const byDay =
  (field: string): Expected =>
  async (county, range) => ({
    A: await shown(county, 'emission_compliance_day', range, { tag: 'outlet', columns: [field] }),
    P: catalogued(county),
  });

const isAbove = (fields: Readonly<Record<string, FieldValue>>): boolean =>
  ITEMS.some((item) => Number(fields[`converted_${item}`]) > Number(fields[`limit_${item}`]));

/** What each panel of an enterprise has to show, by its title; here of all enterprises at once. */
export const ENTERPRISE: Readonly<Record<string, Expected>> = {
  达标率: async (county, range) => {
    const [above, judged] = await Promise.all([
      numberOf(county, 'emission_compliance_day', range, 'sum', 'hours_exceeded'),
      numberOf(county, 'emission_compliance_day', range, 'sum', 'hours_judged'),
    ]);
    return { A: [{ sum_sum: 1 - above! / judged! }] };
  },
  超标小时: ofDays('sum', 'hours_exceeded'),
  数据传输率: ofDays('mean', 'transfer'),
  可判定小时: ofDays('sum', 'hours_judged'),
  '颗粒物 折算浓度': hours('pm'),
  '二氧化硫 折算浓度': hours('so2'),
  '氮氧化物（以 NO₂ 计） 折算浓度': hours('nox'),
  超标明细: async (county, range) => ({
    A: await shown(county, 'emission_compliance', range, {
      tag: 'outlet',
      columns: ITEMS.flatMap((item) => [`converted_${item}`, `limit_${item}`, `multiple_${item}`]),
      where: ({ fields }) => isAbove(fields),
    }),
    P: catalogued(county),
  }),
  未判定小时的原因: async (county, range) => ({
    A: await shown(county, 'emission_compliance', range, { tag: 'outlet', columns: ['reason'] }),
    P: catalogued(county),
  }),
  每日数据传输率: byDay('transfer'),
  每日达标率: byDay('compliance'),
  标记时长: async (county, range) => {
    const states = ['running', 'starting', 'stopping', 'stopped', 'fault', 'calibration'];
    const outlets = new Map<string, Record<string, unknown>>();
    for (const state of states) {
      const wanted = { of: 'sum', field: `minutes_${state}`, tag: 'outlet' } as const;
      for (const { outlet, sum } of await summed(county, 'emission_compliance_day', range, wanted))
        outlets.set(String(outlet), { ...outlets.get(String(outlet)), outlet, [state]: Number(sum) / 60 });
    }
    return { A: [...outlets.values()], P: catalogued(county) };
  },
};
