import type { Bilingual } from '../core/types.ts';

// Who may do what. The names of the plan (沁政办发〔2021〕19号, 2.1): the command's office and its director, who heads the meteorological
// bureau; the head of the emergency management bureau; the commander, a vice head of the county.

export const ROLES = {
  office: { zh: '县指挥部办公室', en: 'Office of the command' },
  'office-director': { zh: '副指挥长（办公室主任）', en: 'Deputy commander, head of the office' },
  'emergency-director': { zh: '副指挥长（应急管理局局长）', en: 'Deputy commander, head of emergency management' },
  commander: { zh: '指挥长', en: 'Commander' },
  'ecology-bureau': { zh: '生态环境局', en: 'Ecology bureau' },
  township: { zh: '乡镇', en: 'Township' },
  enterprise: { zh: '企业', en: 'Enterprise' },
  viewer: { zh: '查看', en: 'Viewer' },
} as const satisfies Record<string, Bilingual>;

export type Role = keyof typeof ROLES;

export const isRole = (text: string): text is Role => Object.hasOwn(ROLES, text);

/** Roles that speak for one township or enterprise of the catalog. */
export const BOUND: readonly Role[] = ['township', 'enterprise'];

/** The member of the command (src/standards/weather-command-2021.ts) that a role speaks for. */
export const MEMBER_OF: Readonly<Partial<Record<Role, string>>> = {
  'office-director': 'meteorology',
  'emergency-director': 'emergency',
  'ecology-bureau': 'ecology',
};

/** Someone with a token. */
export interface Person {
  readonly name: string;
  readonly role: Role;
  /** The township or enterprise, of those roles. */
  readonly unit?: string | undefined;
}
