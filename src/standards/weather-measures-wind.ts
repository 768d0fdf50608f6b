// 附件5 寒潮 and 大风, 部门联动和社会响应, in the project's own words.

import {
  ALL,
  COMMUNITIES,
  EMERGENCY,
  FARMS_WOODS_FISH,
  FROM_MIDDLE,
  GOVERNMENTS,
  HEALTH,
  HEALTH_AND_SPORT,
  LOW,
  MARKET,
  MEDIA,
  type MeasureTable,
  MIDDLE,
  MUNICIPAL,
  on,
  POWER_AND_TELECOM,
  PUBLIC,
  row,
  TO_MIDDLE,
  TOP,
  TOWNSHIPS,
} from './weather-departments-2021.ts';

export const COLD_WAVE: MeasureTable = {
  clause: '附件5 寒潮',
  lowest: 'IV',
  rows: [
    row(
      EMERGENCY,
      on(LOW, '落实防寒，开放避寒场所', 'Act against the cold; open warm shelters'),
      on(
        MIDDLE,
        '按预案保障防寒，重点帮扶贫困户和流浪者',
        'Protect by plan, poor households and homeless people first',
      ),
      on(TOP, '紧急防寒防冻', 'Urgent protection from cold and frost'),
    ),
    row(
      MUNICIPAL,
      on(LOW, '给树木花卉防寒', 'Protect trees and flowers from cold'),
      on(MIDDLE, '加强公园树木花卉防寒', 'Step up protection in the parks'),
      on(TOP, '对园林植物紧急防寒防冻', 'Urgent protection of plants from cold and frost'),
    ),
    row(
      FARMS_WOODS_FISH,
      on(LOW, '指导果农菜农和水产户防寒', 'Advise growers and fish farmers against cold'),
      on(MIDDLE, '指导种养户防寒并防风', 'Advise growers and fish farmers against cold and wind'),
      on(TOP, '畜禽防寒保暖', 'Keep livestock and poultry warm'),
      on(TOP, '农牧水产加温加盖，防霜冻、冰冻和大风', 'Heat and cover farms and ponds against frost, ice and gale'),
      on(TOP, '可收作物提前上市', 'Harvest early what can be sold'),
    ),
    row(
      HEALTH,
      on(LOW, '宣传寒潮的健康影响与对策', 'Tell people how cold harms health and what helps'),
      on(FROM_MIDDLE, '救治寒潮引发的病人', 'Treat illness that the cold brings'),
    ),
    row(
      GOVERNMENTS,
      on(ALL, '启动预案，组织本地防御与救援', 'Activate plans; organise defence and rescue in the area'),
    ),
    row(TOWNSHIPS, on(ALL, '组织辖区防御与救援', 'Organise defence and rescue in the area')),
    row(
      MEDIA,
      on(
        ALL,
        '以多种方式及时传播寒潮信号，提示公众防护',
        'Spread cold wave signals by every means; tell people what to do',
      ),
    ),
    row(
      PUBLIC,
      on(LOW, '关注寒潮消息，添衣保暖', 'Follow the news; dress warmly'),
      on(FROM_MIDDLE, '老幼体弱和慢性病患者加强防护', 'The old, the young, the weak and the chronically ill take care'),
    ),
    row(
      COMMUNITIES,
      on(ALL, '告知住户防寒', 'Tell residents to protect themselves from cold'),
      on(ALL, '提醒取暖用电用气安全', 'Remind them of safe heating by power and gas'),
    ),
  ],
};

export const GALE: MeasureTable = {
  clause: '附件5 大风',
  lowest: 'IV',
  rows: [
    row(
      MARKET,
      on(LOW, '提醒加固露天广告牌', 'Have outdoor billboards fastened'),
      on(MIDDLE, '巡查并加固广告牌、公共设施和树木', 'Inspect and fasten billboards, public facilities and trees'),
      on(TOP, '专人排查加固，必要时拆除隐患设施', 'Assign inspectors; fasten, and take down what is unsafe'),
    ),
    row(
      POWER_AND_TELECOM,
      on(TO_MIDDLE, '监控架空线路安全', 'Watch overhead lines'),
      on(TOP, '严密监控架空线路，事先加固', 'Watch overhead lines closely; strengthen them beforehand'),
      on(ALL, '及时抢修受损线路', 'Repair damaged lines quickly'),
    ),
    row(
      FARMS_WOODS_FISH,
      on(LOW, '提醒种养户和林场防风防火', 'Remind growers, fish farmers and woodlands of wind and fire'),
      on(MIDDLE, '指导种养户和林场防风防火', 'Advise them against wind and fire'),
      on(TOP, '农林牧渔全面防风防火', 'All farms, woods and ponds act against wind and fire'),
    ),
    row(
      HEALTH_AND_SPORT,
      on(LOW, '宣传大风的健康影响与对策', 'Tell people how gales harm health and what helps'),
      on(FROM_MIDDLE, '救治大风引发的病人', 'Treat illness that the gale brings'),
    ),
    row(
      GOVERNMENTS,
      on(ALL, '启动预案，组织本地防御与救援', 'Activate plans; organise defence and rescue in the area'),
    ),
    row(TOWNSHIPS, on(ALL, '组织辖区防御与救援', 'Organise defence and rescue in the area')),
    row(
      MEDIA,
      on(ALL, '以多种方式及时传播大风信号，提示公众防护', 'Spread gale signals by every means; tell people what to do'),
    ),
    row(
      PUBLIC,
      on(LOW, '关注大风消息和天气变化', 'Follow the news and the weather'),
      on(FROM_MIDDLE, '少出门，避开广告牌、电线和树下', 'Stay in; keep away from billboards, cables and trees'),
    ),
    row(COMMUNITIES, on(ALL, '告知住户防风，提醒注意安全', 'Tell residents to prepare for wind and take care')),
  ],
};
