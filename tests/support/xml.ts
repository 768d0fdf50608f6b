// XML as the tests read it: xmllint says whether it is well formed and valid, and a small reader of its canonical form gives the tree.
import { execFileSync } from 'node:child_process';
import { findProgram } from './servers.ts';

export interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Node[];
  /** Text of an element without children. */
  readonly text: string;
}

const xmllint = (input: string, ...args: string[]): string =>
  execFileSync(findProgram('xmllint', 'libxml2-utils'), ['--nonet', ...args, '-'], {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });

/** Throws with xmllint's words where the document is not valid. */
export const validate = (xml: string, schema: string): void => void xmllint(xml, '--noout', '--schema', schema);

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x9': '\t',
  '#xA': '\n',
  '#xD': '\r',
};
const plain = (text: string): string => text.replace(/&([^;]+);/g, (_, name: string) => ENTITIES[name] ?? `?${name}?`);

const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, name, value]) => [name!, plain(value!)]));

/** The tree of a document; throws where it is not well formed. Canonical XML has no comments here, no CDATA, no short empty tags. */
export const parseXml = (xml: string): Node => {
  const canonical = xmllint(xml, '--c14n');
  const root: { children: Node[] } = { children: [] };
  const open: { name: string; attributes: Record<string, string>; children: Node[]; text: string }[] = [];
  for (const [, close, name, attributes, text] of canonical.matchAll(/<(\/?)([\w:.-]+)([^>]*)>([^<]*)/g)) {
    if (close === '')
      open.push({ name: name!, attributes: attributesOf(attributes!), children: [], text: plain(text!) });
    else {
      const done = open.pop()!;
      (open.at(-1) ?? root).children.push({ ...done, text: done.children.length > 0 ? '' : done.text });
    }
  }
  return root.children[0]!;
};

export const all = (node: Node, name: string): Node[] => node.children.filter((child) => child.name === name);

/** Text of the only child of a name; undefined: there is none. */
export const textOf = (node: Node, name: string): string | undefined => {
  const found = all(node, name);
  if (found.length > 1) throw new Error(`${found.length} ${name} in ${node.name}`);
  return found[0]?.text;
};
