// What `lantian store` --help says beyond its options, apart from the code that does it: help is quick.

export const INIT_HELP = `
可重复运行 harmless when run again。每行 each line: 库 store, 事项 thing, 结果 outcome, 说明 remark（制表符分隔 joined by tabs）
结果 Outcomes: 新建 made, 更改 changed, 已有 there, 未动 left（须人决定，退出码 1 for a person to decide, exit 1）, 无 none
InfluxDB 1.x: 数据库、保留策略、自用用户、只读用户 database, retention policy, own user, read-only user
InfluxDB 2.x: 存储桶与保留期、InfluxQL 映射、只读令牌 bucket and retention, mapping for InfluxQL, read token
管理员凭据 an administrator's: influx.admin_username, influx.admin_password (1.x), influx.admin_token (2.x)
生成的凭据在 data.folder 的 store-credentials.json（0600），不打印 credentials that were made are there, and are not printed
保留期为 store.keep；缩短会丢数据，须加 --shorten the retention is store.keep; a shorter one loses rows and needs --shorten
influx.enterprises: true 时各企业另有一库和只读凭据 then each enterprise has a store and read credentials of its own
`;

export const COPY_HELP = `
把内置库（data.folder 的 series.db）的历史写入各 InfluxDB，流水线可同时运行。
Writes the embedded store's history into each InfluxDB; the pipeline may run meanwhile.
中断后（包括 kill -9）以相同选项再次运行即继续 after any end, kill -9 too, the same command goes on where it stopped
被服务器拒收的行计数并列出，不影响其余，退出码 1 rows that a server refuses are counted and shown, the rest goes on, exit 1
stdout: 库、序列、行数、拒收 store, measurement, rows, refused（制表符分隔 joined by tabs）。stderr: 进度 progress

示例 Examples:
  npx lantian store copy
  npx lantian store copy --to 127.0.0.1:8086/lantian --from 2026-01-01 --measurement air_hour,air_day
`;
