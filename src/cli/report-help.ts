// What `lantian report --help` says beyond its options, apart from the code that makes reports: help is quick.

export const REPORT_HELP = `
工作表 Sheets: 空气质量 air, 空气站点 air-stations, AQI日历 air-days, 空气站点排名 air-ranking, 乡镇空气排名 township-ranking,
  降尘 dustfall, 水质断面 water, 水质汇总 water-shares, 水质项目 water-items,
  排放达标 emission, 排放浓度 emission-items, 逐日达标率 emission-days
文件 Files: lantian-{county}-{YYYY-MM}.xlsx; lantian-{county}-{YYYY-MM}-{sheet}.csv。同名文件会被覆盖 files of these names are replaced.
每个数值旁有同比（上年同月）和环比（上月） each figure has its change on the same month of last year and on the month before beside it.
— 无数据，不是零 nothing there, not zero. * 存疑：数据量不足或尚未满期 doubtful: below its minimum of data, or the period is not over.
数据取自内置库（data.folder），流水线可同时运行 reads the embedded store; the pipeline may run meanwhile.
stdout: 写成的文件，每行一个 the files, a line each. stderr: 缺少哪类数据等 what is missing. 有行不可读则退出码 1 exit 1 where rows could not be read.
`;
