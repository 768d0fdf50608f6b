import { padTo, widthOf } from '../src/cli/width.ts';
import type { Throughput } from './run.ts';

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The result of a run as a small table in two languages. */
export const tableOf = ({ day, storm, latency, machine }: Throughput): string => {
  const rows = [
    ['QoS 1，条/秒 messages/s', '平日 day', '暴雨 storm'],
    ['裸订阅者（只解析 JSON） bare subscriber, parses only', count(day.bare), count(storm.bare)],
    ['蓝天：落盘、统计、阈值 Lantian: durable, figures, thresholds', count(day.durable), count(storm.durable)],
    ['比值（各轮的中位数） ratio, median of rounds', day.ratio.toFixed(2), storm.ratio.toFixed(2)],
    ['蓝天：直至写入内嵌库 Lantian: until in the embedded store', count(day.stored), count(storm.stored)],
    [`发布至确认 publish to PUBACK at ${count(latency.rate)}/s, p50`, `${latency.p50.toFixed(1)} ms`, ''],
    ['同上 the same, p99', `${latency.p99.toFixed(1)} ms`, ''],
  ] as const;
  const widest = Math.max(...rows.map(([what]) => widthOf(what)));
  const lines = rows.map(([what, one, two]) => `  ${padTo(what, widest)}  ${padTo(one, 10)}${two}`.trimEnd());
  return `${[...lines, `  ${machine['cpu']}, ${machine['cores']} cores, Node ${machine['node']}`].join('\n')}\n`;
};
