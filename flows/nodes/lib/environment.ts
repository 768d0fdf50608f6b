import { variableOf } from '../../../src/config/environment.ts';
import { leavesOf } from '../../../src/config/form.ts';
import { settingsSchema } from '../../../src/config/schema.ts';

/**
 * The environment as the pipeline's settings read it: variables of the flows alone (`LANTIAN_API`, `LANTIAN_FLOWS_...`) would be
 * mistakes there.
 */
export const settingsEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const known = new Set(leavesOf(settingsSchema).map(({ path }) => variableOf(path)));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('LANTIAN_') || known.has(name)));
};
