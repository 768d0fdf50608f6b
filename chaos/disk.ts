// Disks that are full, read-only, or damaged.
import { floorTo, MINUTE } from '../src/core/time.ts';
import { loadOf } from '../tests/support/load.ts';
import { damageRows } from './disk-damage.ts';
import { fullRows } from './disk-full.ts';
import type { Scenario } from './scenario.ts';
import { undisturbed } from './world.ts';

export const disk: Scenario = {
  name: 'disk',
  about: {
    zh: '磁盘已满、只读，数据文件损坏、截断或版本不同',
    en: 'a disk that is full or read-only; data that is damaged, cut off or of another version',
  },
  run: async (context) => {
    const now = floorTo(Date.now(), 5 * MINUTE) - 5 * MINUTE;
    const days = Math.min(1, context.size.days);
    const messages = loadOf({ days, now, seed: context.seed, toggles: 20 });
    context.say(`${messages.length} messages to a pipeline that nobody disturbs`);
    const calm = await undisturbed(messages);
    const rows = [...(await fullRows(messages, calm, context)), ...(await damageRows(messages, calm, context))];
    await calm.end();
    return rows;
  },
};
