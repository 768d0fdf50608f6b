import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outgoing } from '../tests/support/publish.ts';
import { tempFolder } from '../tests/support/servers.ts';
import { until } from '../tests/support/until.ts';
import { createDisk, type Disk, isRoot, limitedDisk, MEBIBYTE } from './mount.ts';
import type { Context, Row } from './scenario.ts';
import { createSender } from './sender.ts';
import { beside, createWorld, settled, subscribed, type World } from './world.ts';

const ROOM = MEBIBYTE / 4;
const PATIENCE = { within: 60_000, every: 50 };

const slice = (messages: readonly Outgoing[], part: number, of: number): readonly Outgoing[] =>
  messages.slice((messages.length * part) / of, (messages.length * (part + 1)) / of);

const sendAll = (world: World, messages: readonly Outgoing[]): Promise<void> =>
  createSender(world.broker.url, messages, Number.POSITIVE_INFINITY).done;

/** Killed while the disk is full and started again: it runs, or says why not and ends with 2. */
const startFull = async ({ child }: World): Promise<string[]> => {
  await child.kill9();
  child.launch();
  const ready = await child.ready().then(
    () => true,
    () => false,
  );
  if (ready) {
    await child.kill9();
    return [];
  }
  const { code } = await child.ended();
  const said = child.stderr();
  return code === 2 && said.includes('data-unwritable') ? [] : [`on a full disk it ended with ${code}: ${said.trim()}`];
};

const fullRow = async (disk: Disk, messages: readonly Outgoing[], calm: World, context: Context): Promise<Row> => {
  context.say(`disk full: ${disk.kind}`);
  const world = await createWorld({ folder: disk.folder, tap: true });
  const { child } = world;
  await sendAll(world, slice(messages, 0, 3));
  await settled(child);
  disk.fill(ROOM, child.pid!);
  const unready = async (): Promise<boolean> => !(await fetch(`${child.http}/readyz`)).ok;
  await sendAll(world, slice(messages, 1, 3));
  await until('it says that it cannot write', unready, { ...PATIENCE, state: child.stderr });
  await sleep(1000);
  const acknowledged = world.tap!.acknowledged.size;
  const said = child.stderr().includes('a commit failed');
  const broken = said ? [] : [`nothing was said: ${child.stderr()}`];
  // A limit holds for a process, a full disk for the next one as well.
  if (disk.kind.startsWith('tmpfs')) {
    broken.push(...(await startFull(world)));
    disk.free(undefined);
    await child.start();
    await subscribed(world);
  } else disk.free(child.pid);
  await sendAll(world, slice(messages, 2, 3));
  await settled(child);
  const found = await beside(world, calm);
  await world.end();
  for (const line of found.some) context.say(`  ${line}`);
  return {
    what: { zh: `磁盘已满（${disk.kind}）`, en: `disk full (${disk.kind})` },
    times: 1,
    lost: found.lost,
    duplicated: found.duplicated,
    wrong: found.wrong,
    measured: { messages: messages.length, acknowledged_until_full: acknowledged },
    broken,
  };
};

const hashOf = (folder: string): string =>
  createHash('sha256')
    .update(readFileSync(join(folder, 'data', 'lantian.db')))
    .digest('hex');

/** A data folder that may not be written: said with exit code 2; and what is in it is there when it may be again. */
const readOnlyRow = async (disk: Disk, messages: readonly Outgoing[], calm: World, context: Context): Promise<Row> => {
  context.say('read-only data folder');
  const world = await createWorld({ folder: disk.folder });
  const { child } = world;
  await sendAll(world, slice(messages, 0, 2));
  await settled(child);
  await child.end('SIGTERM');
  const before = hashOf(disk.folder);
  disk.readOnly(true);
  child.launch();
  const { code } = await child.ended();
  const said = child.stderr();
  const broken = [
    ...(code === 2 && said.includes('data-unwritable') ? [] : [`it ended with ${code}: ${said.trim()}`]),
    ...(hashOf(disk.folder) === before ? [] : ['the database was changed']),
  ];
  disk.readOnly(false);
  await child.start();
  await subscribed(world);
  await sendAll(world, slice(messages, 1, 2));
  await settled(child);
  const found = await beside(world, calm);
  await world.end();
  const { some, ...costs } = found;
  for (const line of some) context.say(`  ${line}`);
  const what = { zh: '数据目录只读：退出码 2', en: 'read-only data folder: exit code 2' };
  return { what, times: 1, ...costs, measured: { messages: messages.length }, broken };
};

export const fullRows = async (messages: readonly Outgoing[], calm: World, context: Context): Promise<Row[]> => {
  const rows: Row[] = [];
  const disks = isRoot() ? [createDisk()] : [];
  for (const disk of [...disks, limitedDisk(tempFolder('chaos-limited'))]) {
    try {
      rows.push(await fullRow(disk, messages, calm, context));
    } finally {
      disk.end();
    }
  }
  const disk = createDisk();
  try {
    rows.push(await readOnlyRow(disk, messages, calm, context));
  } finally {
    disk.end();
  }
  return rows;
};
