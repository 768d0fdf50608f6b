// What --help says of the commands that hand something in, apart from the code that does it: help is quick.

export const ENTER_HELP = `
数据类别 FEED: air dustfall weather forecast water emission
列 Columns: station, time, period and the feed's quantities (docs/messages.md); dustfall: start, end; forecast: from, to, phenomena,
  trend; weather: phenomena (several: fog;haze); emission: status. 空白为缺测 blank: not measured. 未知列为错 unknown columns are a mistake.
时间 Time: 时段的结束时刻 the END of the period, 2026-07-01T08:00 or 2026/7/1 8:00; a date alone is its 00:00.
  无时区即北京时间 without offset: Beijing time. period: PT1H, P1M ...; 默认取目录 default: the catalog's.
降尘称量 A weighing: gross, tare, blank (g), area (cm²), start, end; its time is the end (HJ 1221-2021).
低于检出限 Below the detection limit (water): 0.004L, 按 water.below_detection 计 counts as that share of the limit.

示例 Examples:
  npx lantian enter dustfall july.csv --by 王芳      station,start,end,gross,tare,blank,area
                                                   dustfall-1,2026-07-01,2026-07-31,52.3314,52.0120,0.0012,176.7
  npx lantian enter water --by 王芳 --station duanliu --time "2026-07-06 10:00" --value ammonia_nitrogen=0.31 --value cyanide=0.004L

输出 Prints: row, station, start, time, outcome (stored revised duplicate quarantined), values; a line for each row entered.
有错的行 Bad rows are named as file:line on stderr; 其余照录 the others are entered.
退出码 Exit codes: 0 全部生效 all took effect; 1 有错行、被隔离或尚未处理 a bad row, one quarantined, or not done yet; 2 用法或配置有误 wrong usage.
`;

const ALIKE = `
时间 Time: 时段的结束时刻 the END of the period; 无时区即北京时间 without offset: Beijing time; a date alone is its 00:00.
  --from, --to: 两端都含 readings whose time lies between, both included.
原值保留 The value stays as it came; 统计值与信号随之改变 figures and signals follow. 由流水线执行 Done by the pipeline, or here where none runs.
`;

const ENDS = `退出码 Exit codes: 0 全部生效 all took effect; 1 有被拒绝的或尚未处理 one was refused, or is not done yet; 2 用法有误 wrong usage.
`;

export const INVALIDATE_HELP = `${ALIKE}
示例 Example:
  npx lantian review invalidate dustfall --station dustfall-3 --time 2026-07-31 --quantities dustfall --by 李强 --reason "缸内有鸟粪 bird droppings"
标记 The flag of what was rejected is RM in series and API. 再次到达的同一读数仍无效 sent again, the reading is still invalid.
${ENDS}`;

export const RESTORE_HELP = `${ALIKE}
示例 Example:
  npx lantian review restore air --station dingchang-air --from "2026-07-20 08:00" --to "2026-07-20 12:00" --quantities all --by 李强 --reason 复核无误
${ENDS}`;
