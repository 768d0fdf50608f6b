import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Rules, readRules } from '../../src/publish/notify/rules.ts';
import { CATALOG } from './notify.ts';
import { tempFolder } from './servers.ts';

/** Rules as they are read from a file. */
export const rulesFrom = (rules: object | string, env: NodeJS.ProcessEnv = {}): Rules => {
  const file = join(tempFolder('rules'), 'notify.yaml');
  writeFileSync(file, typeof rules === 'string' ? rules : JSON.stringify(rules));
  return readRules(file, CATALOG, env);
};
