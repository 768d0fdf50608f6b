// 沁政办发〔2021〕19号 沁县气象灾害应急预案, 2.1 and 3: who signs a response, who reports how often, who is on duty, who is sent.

import type { Words } from './weather-departments-2021.ts';
import type { Level } from './weather-plan-2021.ts';

/** The commander agrees to every response (3.4), and to its end (3.8). */
export const AGREES = 'commander';

/** 3.4.1 to 3.4.4: who signs the order of a response. */
export const SIGNS = {
  IV: 'office-director',
  III: 'emergency-director',
  II: 'commander',
  I: 'commander',
} as const satisfies Record<Level, string>;

/** The clause of each level. */
export const CLAUSES: Readonly<Record<Level, string>> = { IV: '3.4.1', III: '3.4.2', II: '3.4.3', I: '3.4.4' };

/** 3.4: how often a day the members of the command report to its office. */
export const REPORTS_A_DAY: Readonly<Record<Level, number>> = { IV: 1, III: 1, II: 2, I: 2 };

const ROUND_THE_CLOCK = { zh: '成员单位24小时值班', en: 'Members are on duty round the clock' };
const WITH_LEADERS = {
  zh: '成员单位24小时值班，领导干部带班',
  en: 'Members are on duty round the clock, led by an official in charge',
};

/** 3.5: who is on duty while a response is in force. */
export const DUTY: Readonly<Record<Level, Words>> = {
  IV: ROUND_THE_CLOCK,
  III: ROUND_THE_CLOCK,
  II: WITH_LEADERS,
  I: WITH_LEADERS,
};

/** 3.4 and 3.6: who is sent; a response of level IV sends no one. */
export const SENT: Readonly<Partial<Record<Level, Words>>> = {
  III: { zh: '根据需要派出应急工作组', en: 'A working group, where it is needed' },
  II: { zh: '成立现场指挥部，派出应急工作组', en: 'A command on the spot and a working group' },
  I: { zh: '成立现场指挥部，派出应急工作组', en: 'A command on the spot and a working group' },
};

const named = (zh: string, en: string): Words => ({ zh, en });

/** 2.1: the members of the command by a short name of ours. The office is in the meteorological bureau. */
export const MEMBERS: Readonly<Record<string, Words>> = {
  publicity: named('县委宣传部', 'Publicity department'),
  'armed-forces': named('县人武部', 'People’s armed forces department'),
  meteorology: named('县气象局', 'Meteorological bureau'),
  emergency: named('县应急管理局', 'Emergency management bureau'),
  education: named('县教育局', 'Education bureau'),
  police: named('县公安局', 'Public security bureau'),
  finance: named('县财政局', 'Finance bureau'),
  development: named('县发展改革和科学技术局', 'Development, reform, science and technology bureau'),
  industry: named('县工业和信息化局', 'Industry and information technology bureau'),
  'natural-resources': named('县自然资源局', 'Natural resources bureau'),
  housing: named('县住房和城乡建设管理局', 'Housing and construction bureau'),
  transport: named('县交通运输局', 'Transport bureau'),
  water: named('县水利局', 'Water resources bureau'),
  agriculture: named('县农业农村局', 'Agriculture and rural affairs bureau'),
  health: named('县卫生健康和体育局', 'Health and sport bureau'),
  ecology: named('长治市生态环境局沁县分局', 'Ecology and environment bureau'),
  culture: named('县文化和旅游局', 'Culture and tourism bureau'),
  media: named('县融媒体中心', 'Media centre'),
  parks: named('县园林绿化和市容环境卫生服务中心', 'Parks and city sanitation centre'),
  'armed-police': named('县武警中队', 'Armed police squadron'),
  power: named('县电力公司', 'Power company'),
  waterworks: named('县自来水公司', 'Waterworks'),
  unicom: named('县联通公司', 'China Unicom'),
  mobile: named('县移动公司', 'China Mobile'),
  telecom: named('县电信公司', 'China Telecom'),
  coaches: named('长运沁县分公司', 'Coach company'),
  'china-life': named('中国人寿沁县分公司', 'China Life'),
  picc: named('中国人民保险财保沁县分公司', 'PICC Property'),
};

/** Members whose reports are looked for: all but the bureau that the office is in. */
export const REPORTING = Object.keys(MEMBERS).filter((member) => member !== 'meteorology');
