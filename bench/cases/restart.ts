import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJournal } from '../../src/intake/journal.ts';
import { type Server, tempFolder } from '../../tests/support/servers.ts';
import { caseOf } from '../case.ts';
import { type RunningPipeline, startPipeline } from '../children.ts';
import { clock } from '../clock.ts';
import { type BenchMessage, steadyMessages, writeCatalog } from '../messages.ts';
import { median, rounded } from '../numbers.ts';
import { startBroker } from '../rounds.ts';

/** Rows of one transaction while a folder is made. */
const BATCH = 10_000;

interface Place {
  readonly broker: Server;
  readonly catalog: string;
  readonly data: string;
}

const start = ({ broker, catalog, data }: Place, profile?: string): Promise<RunningPipeline> =>
  startPipeline({ url: broker.url, catalog, data, profile });

/** Put messages into the journal of a folder that the pipeline itself has made, as if it had died before it applied any. */
const journalAll = (data: string, messages: readonly BenchMessage[]): void => {
  const database = new DatabaseSync(join(data, 'lantian.db'));
  const journal = createJournal(database);
  const received = Date.now();
  for (let from = 0; from < messages.length; from += BATCH) {
    database.exec('BEGIN');
    for (const { topic, payload } of messages.slice(from, from + BATCH))
      journal.append({ kind: 'message', received, source: 'bench', topic, payload: Buffer.from(payload) });
    database.exec('COMMIT');
  }
  database.close();
};

/** Seconds until it is ready, of each start; it is ended in order between them. */
const starts = async (many: number, place: () => Place, profile?: string): Promise<number[]> => {
  const took: number[] = [];
  for (let i = 0; i < many; i++) {
    const pipeline = await start(place(), profile);
    took.push(pipeline.readyAfter / 1000);
    await pipeline.end();
  }
  return took;
};

/** How often it is told how much still waits, ms. */
const TELL = 15_000;

/** Seconds until everything that waits is applied. */
const workOff = async (pipeline: RunningPipeline, total: number, say: (text: string) => void): Promise<number> => {
  const began = clock();
  let told = began;
  for (let left = total; left > 0; await sleep(100)) {
    left = await pipeline.metric('lantian_journal_pending');
    if (clock() - told < TELL) continue;
    told = clock();
    say(`待处理 still to be applied: ${left.toLocaleString('en-US')}`);
  }
  const stored = await pipeline.metric('lantian_readings_total');
  if (stored !== total) throw new Error(`of ${total} journalled messages ${stored} were stored`);
  return (clock() - began) / 1000;
};

/** From the start of the program to /readyz 200, with a journal that is full of messages. */
export const restart = caseOf({
  name: 'restart',
  about: { zh: '日志中有大量报文时的启动', en: 'a start with a journal full of messages' },
  beside: { zh: '空目录的启动', en: 'a start with an empty folder' },
  sizes: {
    full: { stations: 200, messages: 1_000_000, rounds: 3 },
    quick: { stations: 200, messages: 100_000, rounds: 1 },
  },
  run: async (size, { profile, say }) => {
    const folder = tempFolder('bench-restart');
    const catalog = writeCatalog(join(folder, 'counties'), size.stations);
    const broker = await startBroker();
    const at = (name: string): Place => ({ broker, catalog, data: join(folder, name) });
    let copies = 0;
    const empty = await starts(size.rounds, () => at(`empty-${++copies}`));
    await starts(1, () => at('pending'));
    journalAll(at('pending').data, steadyMessages(size.stations, size.messages, Date.now()));
    say(`${size.messages.toLocaleString('en-US')} 条待处理 messages journalled`);
    const copied = (): Place => {
      const place = at(`pending-${++copies}`);
      cpSync(at('pending').data, place.data, { recursive: true });
      return place;
    };
    const pending = await starts(size.rounds, copied, profile);
    const pipeline = await start(at('pending'));
    const seconds = await workOff(pipeline, size.messages, say);
    await pipeline.end();
    say(`${Math.round(seconds)} s 处理完毕 to apply them`);
    const applied = await starts(size.rounds, () => at('pending'), profile);
    await broker.stop();
    const many = size.messages.toLocaleString('en-US');
    const row = (name: string, zh: string, en: string, took: readonly number[]) => ({
      name,
      what: { zh: `${many} 条${zh}，启动至就绪`, en: `${many} ${en}, start to ready` },
      unit: 's',
      figure: rounded(median(took), 2),
      beside: rounded(median(empty), 2),
      goal: { of: 'figure', most: 5 } as const,
      rounds: took.map((value) => rounded(value, 2)),
    });
    return [
      row('pending', '未处理', 'not applied yet', pending),
      row('applied', '已处理', 'applied', applied),
      {
        name: 'work-off',
        what: { zh: '未处理的全部处理完', en: 'until all that waited is applied' },
        unit: 's',
        figure: rounded(seconds, 1),
      },
    ];
  },
});
