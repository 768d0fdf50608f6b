import { join, resolve } from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { LantianError } from '../../src/core/errors.ts';
import { type FileRead, readDropFile, readDropMapping } from './lib/drop-file.ts';
import { createDropFolder, type DropFolder, reportOf } from './lib/drop-folder.ts';
import { newMessage } from './lib/message.ts';
import { type CountyDef, knownTo, type Message, wordsOf } from './lib/node.ts';

interface Definition extends CountyDef {
  /** Folder that files are put into; made where there is none. */
  readonly folder: string;
  /** Empty: mapping.yaml of the folder. */
  readonly mapping: string;
  /** How long a file must have been left alone, s. */
  readonly quiet: string;
}

type Out = readonly (Message | readonly Message[] | null)[];

/** A file under way to the outbox. */
interface Taken {
  readonly name: string;
  readonly read: FileRead;
  /** When it was handed over, epoch ms. */
  readonly since: number;
}

/** An outbox that has not answered by then will not: the flow was deployed anew, or is not wired. */
const PATIENCE = 60_000;

/** Bad lines that are told one by one; the report names them all. */
const TOLD = 20;

/** Rows that a file may have: the outbox must be able to hold them. */
const MOST = 50_000;

/**
 * Takes CSV files of a folder, one at each message that comes in. Outputs: a file's messages for the outbox; what is wrong, line by
 * line. What the outbox answers comes back in, and moves the file.
 */
export default (RED: NodeAPI): void => {
  function LantianDrop(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    const folder = resolve(definition.folder);
    const quiet = (Number(definition.quiet) || 5) * 1000;
    let place: DropFolder | undefined;
    let underWay: Taken | undefined;
    let reading = false;
    let trouble = '';
    const say = (fill: 'green' | 'yellow' | 'red', text: string): void =>
      this.status({ fill, shape: fill === 'red' ? 'ring' : 'dot', text: text.split('\n')[0]!.slice(0, 60) });
    const problem = (name: string, reason: string, detail: string): Message =>
      newMessage({ payload: { reason, detail: `${name}: ${detail}` } });
    const handOver = async (name: string, at: DropFolder): Promise<Out> => {
      const known = knownTo(RED, definition);
      const mapping = readDropMapping(definition.mapping || join(folder, 'mapping.yaml'), known);
      trouble = '';
      try {
        const read = await readDropFile(join(folder, name), { mapping, known, now: Date.now(), most: MOST });
        underWay = { name, read, since: Date.now() };
        say('yellow', `${name}: ${read.messages.length} 条 readings`);
        return [newMessage({ messages: read.messages, drop: name }), null];
      } catch (thrown) {
        if (!(thrown instanceof LantianError)) throw thrown;
        at.settle(name, 'failed', `${wordsOf(thrown)}\n`);
        say('red', `${name}: ${thrown.message}`);
        return [null, problem(name, thrown.code, wordsOf(thrown))];
      }
    };
    const told = (name: string, { bad }: FileRead): Message[] => [
      ...bad.slice(0, TOLD).map(({ line, why }) => problem(name, 'bad-line', `第 ${line} 行 line ${line}: ${why}`)),
      ...(bad.length > TOLD ? [problem(name, 'bad-line', `另有 ${bad.length - TOLD} 处 more, see its report`)] : []),
    ];
    /** What the outbox says of a file: kept, it is done; refused, it stays where it is and is tried again. */
    const settle = (message: Message): Out => {
      const mine = underWay?.name === message['drop'] ? underWay : undefined;
      if (mine === undefined) return [null, null];
      underWay = undefined;
      const { name, read } = mine;
      const refused = message['refused'] as { reason: string; detail: string } | undefined;
      if (refused !== undefined) return [null, problem(name, refused.reason, refused.detail)];
      if (place?.settle(name, 'done', reportOf(name, read)) === undefined) {
        say('yellow', `${name}: 又有写入，将重读 written to meanwhile, it is read again`);
        return [null, null];
      }
      const { bad, messages } = read;
      say(bad.length > 0 ? 'red' : 'green', `${name}: ${messages.length} 条 readings, ${bad.length} 处有误 wrong`);
      return [null, told(name, read)];
    };
    const look = async (): Promise<Out> => {
      if (reading || (underWay !== undefined && Date.now() - underWay.since < PATIENCE)) return [null, null];
      reading = true;
      try {
        place ??= createDropFolder(folder, quiet, Date.now);
        const name = place.next();
        return name === undefined ? [null, null] : await handOver(name, place);
      } finally {
        reading = false;
      }
    };
    if (!definition.folder) this.status({ fill: 'grey', shape: 'ring', text: '未配置 no folder' });
    this.on('input', async (given, send, done) => {
      const message = given as Message;
      if (!definition.folder) return done();
      try {
        send((message['drop'] === undefined ? await look() : settle(message)) as never);
        done();
      } catch (thrown) {
        const words = wordsOf(thrown);
        say('red', words);
        // Looked at every few seconds: the same trouble is told once.
        if (words === trouble) return done();
        trouble = words;
        done(new Error(words, { cause: thrown }));
      }
    });
  }
  RED.nodes.registerType('lantian-drop', LantianDrop);
};
