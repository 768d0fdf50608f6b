// 附件5 大雾 and 道路结冰, 部门联动和社会响应, in the project's own words. Their first column is Ⅲ, beside the yellow signal.

import {
  ALL,
  type Duty,
  FROM_MIDDLE,
  HEALTH_AND_SPORT,
  LOW,
  MEDIA,
  type MeasureTable,
  MIDDLE,
  on,
  PUBLIC,
  row,
  SCHOOLS_BUREAU,
  TO_MIDDLE,
  TOP,
  TRANSPORT,
} from './weather-departments-2021.ts';

const TELL_PUPILS = on(ALL, '把天气和安全事项告知师生', 'Tell pupils the weather and how to stay safe');
const MIND_PUPILS = on(TOP, '妥善安排已在校园的学生儿童', 'Look after children who are at school');
const LIMIT = on(MIDDLE, '高速公路限流限速', 'Limit traffic and speed on expressways');
const CLOSE = on(TOP, '封闭高速，客运站与县内交通分流管制', 'Close expressways; divert and control stations and roads');

const tellDrivers = (zh: string, en: string): Duty[] => [
  on(TO_MIDDLE, '用路口屏幕和短信发布路况', 'Tell road conditions on screens and by text message'),
  on(TO_MIDDLE, zh, en),
];

const press = [
  on(LOW, '跟踪报道预警、预测和路况', 'Report warnings, forecasts and road conditions'),
  on(FROM_MIDDLE, '跟踪报道，并按指挥部门安排刊播救灾信息', 'Report on, and carry relief news as headquarters ask'),
];

export const FOG: MeasureTable = {
  clause: '附件5 大雾',
  lowest: 'III',
  rows: [
    row(SCHOOLS_BUREAU, on(ALL, '室外活动全部取消', 'Cancel all outdoor activities'), TELL_PUPILS, MIND_PUPILS),
    row(
      TRANSPORT,
      ...tellDrivers(
        '提醒险路慢行，开雾灯近光灯尾灯',
        'Have drivers slow down on dangerous roads with fog, low and tail lights on',
      ),
      LIMIT,
      CLOSE,
    ),
    row(
      HEALTH_AND_SPORT,
      on(LOW, '按雾天常见病备好专科医护、药品器具', 'Prepare staff, medicines and devices for illness of foggy days'),
      on(MIDDLE, '启动方案，应对呼吸道病人突增', 'Activate plans for a rise in respiratory illness'),
      on(
        TOP,
        '启动紧急预案，应对重污染与呼吸道突发病情',
        'Activate urgent plans for pollution and respiratory emergencies',
      ),
    ),
    row(MEDIA, ...press),
    row(
      PUBLIC,
      on(TO_MIDDLE, '少出门，不晨练；出门戴口罩', 'Stay in, no morning exercise; wear a mask outside'),
      on(TO_MIDDLE, '回家洗净面部和外露皮肤', 'Wash face and bare skin after coming home'),
      on(TOP, '户外人员戴口罩，尽快进屋避雾', 'Wear a mask outside and go indoors soon'),
      on(ALL, '留意交通安全', 'Take care in traffic'),
    ),
  ],
};

export const ICY_ROAD: MeasureTable = {
  clause: '附件5 道路结冰',
  lowest: 'III',
  rows: [
    row(SCHOOLS_BUREAU, on(ALL, '少开展室外活动', 'Fewer outdoor activities'), TELL_PUPILS, MIND_PUPILS),
    row(
      TRANSPORT,
      ...tellDrivers('提醒险路慢行，开尾灯', 'Have drivers slow down on dangerous roads with tail lights on'),
      LIMIT,
      CLOSE,
    ),
    row(
      HEALTH_AND_SPORT,
      on(LOW, '按冰天常见伤病备好专科医护、药品器具', 'Prepare staff, medicines and devices for injuries of icy days'),
      on(MIDDLE, '启动方案，救治交通事故伤员', 'Activate plans to treat people hurt in traffic'),
      on(TOP, '启动紧急救助预案，应对多人受伤', 'Activate urgent plans for many injured'),
    ),
    row(MEDIA, ...press),
    row(
      PUBLIC,
      on(TO_MIDDLE, '少外出，特别少骑车；穿防滑鞋', 'Stay in, cycle little; wear shoes that grip'),
      on(TO_MIDDLE, '防滑倒，避让车辆', 'Mind your step; keep clear of vehicles'),
      on(TOP, '户外少骑车、少开车，穿防滑鞋', 'Cycle and drive little; wear shoes that grip'),
      on(ALL, '留意交通安全', 'Take care in traffic'),
    ),
  ],
};
