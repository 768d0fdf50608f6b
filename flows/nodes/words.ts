import type { Node, NodeAPI } from 'node-red';
import type { Catalog } from '../../src/core/catalog.ts';
import type { Signal } from '../../src/core/types.ts';
import { shownOf, unitNames } from '../../src/publish/notify/words.ts';
import type { Case } from '../../src/signals/cases.ts';
import { type CountyDef, knownTo, onMessage } from './lib/node.ts';

type Tree = Readonly<Record<string, unknown>>;

const isSignal = (one: Tree): boolean => typeof one['id'] === 'string' && Array.isArray(one['evidence']);
const isCase = (one: Tree): boolean => typeof one['signal'] === 'string' && Array.isArray(one['next']);

const withWords = (one: Tree, catalog: Catalog): object => {
  if (isSignal(one)) return { ...one, words: shownOf(one as unknown as Signal, catalog) };
  const { reports } = one as unknown as Case;
  if (reports === null) return { ...one, words: null };
  return { ...one, words: { open: unitNames(reports.open, catalog), late: unitNames(reports.late, catalog) } };
};

const listIn = (payload: unknown): readonly Tree[] => {
  const found: unknown =
    typeof payload === 'string' || Buffer.isBuffer(payload) ? JSON.parse(payload.toString()) : payload;
  const all = (Array.isArray(found) ? found : [found]) as Tree[];
  if (all.every((one) => typeof one === 'object' && one !== null && (isSignal(one) || isCase(one)))) return all;
  throw new RangeError('payload: 须为信号或处置，或其数组 signals or cases, one or an array of them');
};

/** Signals or cases in, the same with `words` out: how they stand, where, why, and who owes a report, as people read it. */
export default (RED: NodeAPI): void => {
  function LantianWords(this: Node, definition: CountyDef) {
    RED.nodes.createNode(this, definition);
    onMessage(this, (message) => {
      const { catalog } = knownTo(RED, definition);
      const payload = listIn(message.payload).map((one) => withWords(one, catalog));
      return { out: [{ ...message, payload }], status: `${payload.length}` };
    });
  }
  RED.nodes.registerType('lantian-words', LantianWords);
};
