// `node flows/lint.ts [FILES]`: what a delivered flow may not do, such as hold a secret or a wire that ends nowhere.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { letReaderGo } from '../src/cli/reader.ts';
import { reasonOf } from '../src/core/errors.ts';
import { type FlowNode, flowFiles } from './compose.ts';
import { type Context, type Problem, RULES } from './lint/rules.ts';
import { knownTypes } from './lint/types.ts';

/** A file of flows with its nodes. */
export interface FlowFile {
  readonly file: string;
  readonly nodes: readonly FlowNode[];
}

/** Everything that is wrong with the nodes of one file. */
export const lintNodes = (nodes: readonly FlowNode[], context: Context): Problem[] =>
  Object.values(RULES).flatMap((rule) => rule(nodes, context));

/** Nodes that stand in several files and are not the same in each: of those one would win. */
export const lintTogether = (files: readonly FlowFile[]): string[] => {
  const first = new Map<string, { file: string; node: FlowNode }>();
  return files.flatMap(({ file, nodes }) =>
    nodes.flatMap((node) => {
      const before = first.get(node.id);
      if (before === undefined) first.set(node.id, { file, node });
      return before === undefined || before.file === file || isDeepStrictEqual(before.node, node)
        ? []
        : [`${file}: ${node.id}: is another node in ${before.file}`];
    }),
  );
};

/** Names in the tables of docs/flows.md whose heading is `variable`. */
export const documentedVariables = (markdown: string): ReadonlySet<string> =>
  new Set([...markdown.matchAll(/^\| `([A-Z][A-Z0-9_]*)` \|/gm)].map(([, name]) => name!));

export const contextOf = (root: string): Context => ({
  types: knownTypes(),
  variables: documentedVariables(readFileSync(join(root, 'docs/flows.md'), 'utf8')),
});

/** The delivered flows, and the examples of our nodes. */
export const deliveredFiles = (root: string): { flows: string[]; examples: string[] } => {
  const folder = join(root, 'flows/nodes/examples');
  const examples = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return { flows: flowFiles(join(root, 'flows')), examples: examples.sort().map((name) => join(folder, name)) };
};

/** @throws Error naming the file where it is no list of nodes */
const readNodes = (file: string): FlowFile => {
  try {
    const nodes: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!Array.isArray(nodes)) throw new Error('不是节点列表 is no list of nodes');
    return { file, nodes: nodes as FlowNode[] };
  } catch (thrown) {
    throw new Error(`${file}: ${reasonOf(thrown)}`);
  }
};

/** Lines `file: node: what is wrong`; none: all is well. @throws Error where a file cannot be read */
export const lintFiles = (files: readonly string[], context: Context): string[] => {
  const read = files.map(readNodes);
  const each = read.flatMap(({ file, nodes }) =>
    lintNodes(nodes, context).map(({ id, words }) => `${file}: ${id}: ${words}`),
  );
  return [...each, ...lintTogether(read)];
};

const HELP = `node flows/lint.ts [FILES]
检查流程文件 checks flows; without FILES the delivered flows and the examples
退出码 exit: 0 无问题 none, 1 有问题 problems, 2 文件读不了 a file cannot be read
`;

const main = (args: readonly string[]): number => {
  if (args.some((arg) => arg === '--help' || arg === '-h')) {
    process.stdout.write(HELP);
    return 0;
  }
  const root = join(import.meta.dirname, '..');
  try {
    const { flows, examples } = deliveredFiles(root);
    const files = args.length > 0 ? args : [...flows, ...examples].map((file) => relative(process.cwd(), file));
    const found = lintFiles(files, contextOf(root));
    for (const line of found) process.stdout.write(`${line}\n`);
    process.stderr.write(`${files.length} 个文件 files, ${found.length} 个问题 problems\n`);
    return found.length === 0 ? 0 : 1;
  } catch (thrown) {
    process.stderr.write(`${reasonOf(thrown)}\n`);
    return 2;
  }
};

if (import.meta.main) {
  letReaderGo();
  process.exitCode = main(process.argv.slice(2));
}
