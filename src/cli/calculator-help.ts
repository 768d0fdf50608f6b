// What the calculators' --help says of their files, apart from the code that reads them: help is quick.

export const AQI_HELP = `
列 Columns: time,pm25,pm10,so2,no2,co,o3 (µg/m³, co: mg/m³), in any order; others are passed over.
  空白为缺测，/ 为不监测 blank: missing; /: not monitored
  daily: 24 h means, o3 is the MDA8; hourly: six 1 h means
时间 Time: hourly: the END of the hour (2026-03-01T00:00 is the last hour of 28 February). daily: a date names its day;
  a date with a time is the END of 24 hours. 无时区即北京时间 without offset: Beijing time.
输出 Prints: time,aqi,level,primary,standard; a line for each row. level is 1 to 6; tied primary pollutants are joined by ;
  and there is none up to AQI 50. NA：数据不全，不评价 an item that is missing leaves no AQI (HJ 633-2026, 100 or less).
标准 Standard: HJ 633-2026 for periods that start on 2026-03-01 or later, HJ 633-2012 before.
有错的行 Bad rows are named as file:line on stderr and skipped: exit 1.
`;

export const DUSTFALL_HELP = `
列 Columns: start,end,gross,tare,blank,area and, where there is one, point; others are handed through.
  gross 尘与坩埚, tare 空坩埚, blank 试剂空白 (g), area 集尘缸口面积 the jar's mouth as measured (cm²)
  start, end: 采样起止 of the exposure; a date alone is its 00:00. 无时区即北京时间 without offset: Beijing time.
输出 Prints: the columns and dustfall (t/(km²·30d), HJ 1221-2021, 0.1), days, remark; a line for each row. remark: the exposure
  is not of 30 ± 2 d (dustfall.exposure_*), or the value is below the detection limit; it is given all the same.
stderr: 每月一行 a line for each month: 最大 max, 平均 mean, 最小 min of the points (the jars of one are averaged).
有错的行 Bad rows are named as file:line on stderr and skipped: exit 1.
`;

export const WATER_HELP = `
列 Columns: 项目名同 water 数据类别 items as the feed water names them, mg/L (docs/messages.md): ph, dissolved_oxygen,
  permanganate_index, cod, ammonia_nitrogen, total_phosphorus ...; 21 项中有什么评什么 those of the 21 that are there are judged.
  water_temperature (°C): 有则溶解氧也按饱和率评价 judges dissolved oxygen by saturation too (water.do_saturation).
  body: river 河流, lake 湖库, 空白按 --lake 选项 blank: as --lake says. 其他列原样输出 others are handed through.
  空白或 / 为未监测 blank or /: not measured. 0.004L: 低于检出限 below the detection limit, 按 water.below_detection 计 counts as that share of it
输出 Prints: 其他列 the other columns, class (I ... worse-than-V), grade, defining 定类指标, multiples 超Ⅲ类倍数, main 主要污染指标, missing 未测项目, remark;
  a line for each row, lists joined by ; . pH 和溶解氧无倍数 pH and dissolved oxygen have no multiple.
标准 Standards: GB 3838-2002 表1; 环办〔2011〕22号. 每行是一个样品或一个时段的均值 a row is a sample, or the means of a period.
stderr: 有 station 列时每月一行 with a column station a line for each month (by time) of several sections: Ⅰ–Ⅲ类比例 share of class I to III,
  河流水质状况 grade of the river. 同断面同月先平均 samples of a section in a month are averaged first.
有错的行 Bad rows are named as file:line on stderr and skipped: exit 1.
`;
