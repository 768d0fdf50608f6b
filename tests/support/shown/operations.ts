import { MINUTE } from '../../../src/core/time.ts';
import type { County } from '../county.ts';
import { type Make, numberOf, summed } from './buckets.ts';
import { catalogued, type Expected, type Range, type Shown, shown, withTownship } from './rows.ts';

const BUCKET = 5 * MINUTE;

/** One number about the pipeline over the whole time. */
const whole =
  (of: Make, field: string): Expected =>
  async (county, range) => ({ A: await summed(county, 'pipeline', range, { of, field }) });

const curve = (county: County, range: Range, of: Make, field: string): Promise<Shown[]> =>
  summed(county, 'pipeline', range, { of, field, every: BUCKET });

const storeCurve = (county: County, range: Range, of: Make, field: string): Promise<Shown[]> =>
  summed(county, 'pipeline_store', range, { of, field, every: BUCKET, tag: 'store' });

/** Curves by refId. */
const curves =
  (wanted: Readonly<Record<string, readonly [Make, string]>>, of = curve): Expected =>
  async (county, range) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(wanted).map(
          async ([refId, [make, field]]): Promise<[string, Shown[]]> => [refId, await of(county, range, make, field)],
        ),
      ),
    );

/** Messages by reason of the quarantine, in one row a bucket. */
const reasons = async (county: County, range: Range): Promise<Shown[]> => {
  const rows = await county.read({ measurement: 'pipeline', from: range.from, to: range.to + 1 });
  return rows.flatMap(({ time, fields }) => {
    const found = Object.entries(fields).filter(([name]) => name.startsWith('quarantined_'));
    return found.length === 0
      ? []
      : [{ time, ...Object.fromEntries(found.map(([name, count]) => [`sum_${name}`, count])) }];
  });
};

/** The newest state of each station, and the feed it is of. */
const lastHeard = async (county: County, range: Range): Promise<Shown[]> => {
  const newest = await shown(county, 'station_status', range, {
    tag: 'station',
    columns: ['age', 'online'],
    newest: true,
  });
  const feedOf = (station: unknown): string => Object.keys(county.catalog.stations.get(String(station))!.feeds)[0]!;
  return newest.map((row) => ({ ...row, feed: feedOf(row['station']) }));
};

/** What each panel of the pipeline itself has to show, by its title. */
export const OPERATIONS: Readonly<Record<string, Expected>> = {
  收到报文: whole('sum', 'received'),
  隔离比例: async (county, range) => {
    const [bad, all] = await Promise.all([
      numberOf(county, 'pipeline', range, 'sum', 'quarantined'),
      numberOf(county, 'pipeline', range, 'sum', 'received'),
    ]);
    return { A: [{ sum_sum: bad! / all! }] };
  },
  日志待处理: whole('last', 'journal_pending'),
  各存储的等待: async (county, range) => ({
    A: await summed(county, 'pipeline_store', range, { of: 'last', field: 'age', tag: 'store' }),
  }),
  未连接的消息服务器: async (county, range) => {
    const [all, connected] = await Promise.all([
      numberOf(county, 'pipeline', range, 'last', 'brokers'),
      numberOf(county, 'pipeline', range, 'last', 'brokers_connected'),
    ]);
    return { A: [{ last_last: all! - connected! }] };
  },
  损坏: whole('sum', 'damage'),
  内存: whole('last', 'memory'),
  磁盘剩余: whole('last', 'disk_free'),
  报文去向: curves({
    A: ['sum', 'received'],
    B: ['sum', 'stored'],
    C: ['sum', 'duplicate'],
    D: ['sum', 'quarantined'],
    E: ['sum', 'dropped'],
  }),
  隔离原因: async (county, range) => ({ A: await reasons(county, range) }),
  处理延迟: curves({ A: ['mean', 'latency_p50'], B: ['max', 'latency_p99'] }),
  入库延迟: curves({ A: ['max', 'latency_p99'] }, storeCurve),
  日志与未发布信号: curves({ A: ['max', 'journal_pending'], B: ['max', 'figures_due'], C: ['max', 'signals_pending'] }),
  迟到与修订: curves({ A: ['sum', 'late'], B: ['sum', 'revisions'] }),
  待写数据点: curves({ A: ['max', 'outbox_points'] }, storeCurve),
  等待时间: curves({ A: ['max', 'age'] }, storeCurve),
  '拒收、失败与放弃': curves({ A: ['sum', 'refused'], B: ['sum', 'failures'], C: ['sum', 'dropped'] }, storeCurve),
  存储是否可用: async (county, range) => ({
    A: await shown(county, 'pipeline_store', range, { tag: 'store', columns: ['connected'] }),
  }),
  各站点最后一次数据: async (county, range) => ({ A: await lastHeard(county, range), P: withTownship(county) }),
  站点在线情况: async (county, range) => ({
    A: await shown(county, 'station_status', range, { tag: 'station', columns: ['online'] }),
    P: catalogued(county),
  }),
  信号变化: async (county, { from, to }) => {
    const rows = await county.read({ measurement: 'signal', from, to: to + 1 });
    const told = rows.map(({ time, tags: { kind, subject }, fields: { title, state, level } }) => ({
      ...{ time, title, state, level },
      ...{ kind, subject },
    }));
    return { A: told.slice(-200) };
  },
  发布的信号: curves({ A: ['sum', 'signals_published'] }),
  内存与磁盘: curves({ A: ['max', 'memory'], B: ['last', 'disk_free'] }),
};
