// 空气质量指数级别: HJ 633-2012 and HJ 633-2026, Table A.1 and the table of levels, the same in both. `health` and `advice` are this
// project's own short wording, not the documents'.

export type AqiLevel = 1 | 2 | 3 | 4 | 5 | 6;

interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface AqiLevelWords {
  readonly level: AqiLevel;
  /** The level's highest AQI; the next level begins above it. */
  readonly most: number;
  readonly roman: string;
  readonly name: Words;
  readonly colour: Words & { readonly hex: string };
  /** 健康影响, own wording. */
  readonly health: Words;
  /** 建议措施, own wording. */
  readonly advice: Words;
}

/** From the best to the worst. */
export const AQI_LEVELS: readonly AqiLevelWords[] = [
  {
    level: 1,
    most: 50,
    roman: '一级',
    name: { zh: '优', en: 'excellent' },
    colour: { zh: '绿色', en: 'green', hex: '#00E400' },
    health: { zh: '对健康基本没有影响', en: 'next to no effect on health' },
    advice: { zh: '可照常户外活动', en: 'go about outdoors as usual' },
  },
  {
    level: 2,
    most: 100,
    roman: '二级',
    name: { zh: '良', en: 'good' },
    colour: { zh: '黄色', en: 'yellow', hex: '#FFFF00' },
    health: { zh: '极少数特别敏感的人可能略感不适', en: 'a few unusually sensitive people may feel it a little' },
    advice: { zh: '特别敏感的人适当减少户外活动', en: 'unusually sensitive people spend less time outdoors' },
  },
  {
    level: 3,
    most: 150,
    roman: '三级',
    name: { zh: '轻度污染', en: 'light pollution' },
    colour: { zh: '橙色', en: 'orange', hex: '#FF7E00' },
    health: {
      zh: '敏感人群症状略有加重，其他人可能有轻微刺激感',
      en: 'sensitive people get a little worse, others may feel irritation',
    },
    advice: {
      zh: '老人、儿童及心肺疾病患者避免长时间或剧烈的户外活动',
      en: 'children, the old, heart and lung patients avoid long or hard exertion outdoors',
    },
  },
  {
    level: 4,
    most: 200,
    roman: '四级',
    name: { zh: '中度污染', en: 'moderate pollution' },
    colour: { zh: '红色', en: 'red', hex: '#FF0000' },
    health: {
      zh: '敏感人群症状明显加重，其他人的心肺也可能受影响',
      en: 'sensitive people get clearly worse, the heart and lungs of others may suffer too',
    },
    advice: {
      zh: '敏感人群不作户外锻炼，其他人减少户外活动',
      en: 'sensitive people do no exercise outdoors, others spend less time there',
    },
  },
  {
    level: 5,
    most: 300,
    roman: '五级',
    name: { zh: '重度污染', en: 'heavy pollution' },
    colour: { zh: '紫色', en: 'purple', hex: '#99004C' },
    health: {
      zh: '心肺疾病患者症状显著，健康人普遍不适',
      en: 'marked symptoms in heart and lung patients, healthy people commonly feel it',
    },
    advice: {
      zh: '敏感人群留在室内，其他人停止户外锻炼',
      en: 'sensitive people stay indoors, others stop exercise outdoors',
    },
  },
  {
    level: 6,
    most: 500,
    roman: '六级',
    name: { zh: '严重污染', en: 'severe pollution' },
    colour: { zh: '褐红色', en: 'maroon', hex: '#7E0023' },
    health: {
      zh: '健康人也有明显症状，可能提前引发疾病',
      en: 'clear symptoms in healthy people too, illness may set in early',
    },
    advice: { zh: '所有人尽量留在室内，避免体力消耗', en: 'everyone stays indoors and avoids exertion' },
  },
];
