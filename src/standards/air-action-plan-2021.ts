// 沁政办发〔2021〕16号 沁县空气质量巩固提升2021年行动计划, 2021-07-07.

export const DOCUMENT = '沁政办发〔2021〕16号';

/** 二(五)17: when the month's highest dustfall is above this, a rectification campaign is held; t/(km²·30d), above, not at. */
export const RECTIFICATION_ABOVE = 9;

export const RECTIFICATION_CLAUSE = '二（五）17';
