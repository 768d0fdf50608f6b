// 附件5 雷电灾害的部门联动和社会响应, in the project's own words. One column, from Ⅲ up, beside the lightning signal of any colour.

import {
  ALL,
  COMMUNITIES,
  EMERGENCY,
  HEALTH_AND_SPORT,
  LOCAL_GOVERNMENT,
  MEDIA,
  type MeasureTable,
  MUNICIPAL,
  on,
  POLICE,
  POLICE_AND_FIRE,
  PUBLIC,
  row,
  SCHOOLS_BUREAU,
  TOURISM,
  TRANSPORT,
} from './weather-departments-2021.ts';

const CASUALTIES = on(
  ALL,
  '雷电致Ⅳ级以上伤亡时向县指挥部报告',
  'Report casualties by lightning of level IV and above to the county headquarters',
);

export const LIGHTNING: MeasureTable = {
  clause: '附件5 雷电',
  lowest: 'III',
  rows: [
    row(POLICE_AND_FIRE, on(ALL, '扑救雷击火灾', 'Fight fires that lightning starts')),
    row(
      TRANSPORT,
      on(ALL, '通知当地交通单位停止户外高处作业', 'Tell transport firms there to stop high work outdoors'),
      on(ALL, '提醒防雷雨大风', 'Warn of thunderstorm gusts'),
      CASUALTIES,
    ),
    row(
      SCHOOLS_BUREAU,
      on(ALL, '通知学校停露天体育课和升旗', 'Tell schools to stop sports and flag raising outdoors'),
      on(ALL, '打雷时学生留在教室，雷停再出', 'Keep pupils in class until the thunder has passed'),
      CASUALTIES,
    ),
    row(
      POLICE,
      on(ALL, '上街巡查，疏导交通', 'Patrol streets and direct traffic'),
      on(ALL, '处理雷击交通事故', 'Handle traffic accidents by lightning'),
      on(ALL, '经交通电台提示拥堵路段', 'Tell drivers of jams by radio'),
      CASUALTIES,
    ),
    row(
      MUNICIPAL,
      on(ALL, '巡查道桥路灯，抢修雷损设施', 'Inspect roads, bridges and lamps; repair damage'),
      on(ALL, '疏通排水', 'Clear drains'),
      on(ALL, '通知环卫绿化停止户外作业', 'Tell cleaners and gardeners to stop outdoor work'),
    ),
    row(
      EMERGENCY,
      on(ALL, '通知安委会成员单位防雷', 'Tell members of the work safety committee to guard against lightning'),
      on(ALL, '督促高危企业落实防雷', 'Hold high-risk industries to their precautions'),
      on(ALL, '参加并协调雷击事故抢险', 'Join and coordinate rescue after strikes'),
      CASUALTIES,
    ),
    row(TOURISM, on(ALL, '通知景点停止户外娱乐', 'Tell scenic spots to stop outdoor amusements'), CASUALTIES),
    row(HEALTH_AND_SPORT, on(ALL, '救护并统计雷电伤亡人员', 'Treat and count people hit by lightning')),
    row(
      LOCAL_GOVERNMENT,
      on(ALL, '组织救助Ⅳ级、Ⅲ级雷灾伤亡与灾情', 'Organise relief after accidents of levels IV and III'),
      on(ALL, '向县指挥部报告伤亡和救助', 'Report casualties and relief to the county headquarters'),
    ),
    row(
      MEDIA,
      on(
        ALL,
        '以多种方式及时传播雷电信号，提示公众防护',
        'Spread lightning signals by every means; tell people what to do',
      ),
    ),
    row(
      PUBLIC,
      on(ALL, '尽量留在室内，不在空旷处走动', 'Stay indoors; do not walk in the open'),
      on(ALL, '不在大树和孤立高物下避雨', 'Do not shelter under trees or lone high objects'),
      on(ALL, '雷雨时少用手机', 'Avoid mobile phones in a thunderstorm'),
    ),
    row(
      COMMUNITIES,
      on(ALL, '公告雷电信号', 'Post the lightning signal'),
      on(ALL, '提醒收衣关窗', 'Remind residents to take in clothes and shut windows'),
    ),
  ],
};
