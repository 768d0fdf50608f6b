// flows/*.json → the flow file that Node-RED starts with. Each file is importable alone, so nodes that several need (the
// broker, the desk's theme) stand in each; here they are taken once.
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A node as Node-RED exports it. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/** Files of flows, in order of name. */
export const flowFiles = (folder = import.meta.dirname): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));

export const readFlow = (file: string): FlowNode[] => JSON.parse(readFileSync(file, 'utf8')) as FlowNode[];

/** All flows as one. A node of several files is one; that it is the same in each is the lint's to say. */
export const composeFlows = (files: readonly string[] = flowFiles()): FlowNode[] => [
  ...new Map(files.flatMap(readFlow).map((node) => [node.id, node])).values(),
];

type Credentials = Readonly<Record<string, string>>;

/** What a type of node keeps as credentials, by the environment: an exported flow never holds any. */
const CREDENTIALS: Readonly<Record<string, (env: NodeJS.ProcessEnv) => Credentials | undefined>> = {
  'mqtt-broker': ({ LANTIAN_MQTT_USERNAME: user, LANTIAN_MQTT_PASSWORD: password = '' }) =>
    user === undefined ? undefined : { user, password },
  'e-mail': ({ LANTIAN_SMTP_USERNAME: userid, LANTIAN_SMTP_PASSWORD: password = '' }) =>
    userid === undefined ? undefined : { userid, password },
};

export const credentialsFor = (nodes: readonly FlowNode[], env: NodeJS.ProcessEnv): Record<string, Credentials> =>
  Object.fromEntries(
    nodes.flatMap(({ id, type }) => {
      const found = CREDENTIALS[type]?.(env);
      return found === undefined ? [] : [[id, found]];
    }),
  );

/** Credentials as Node-RED keeps them: AES-256-CTR under the hash of its secret, `$` the vector in hex and the text in base64. */
export const encrypted = (credentials: Record<string, Credentials>, secret: string): { readonly $: string } => {
  const vector = randomBytes(16);
  const cipher = createCipheriv('aes-256-ctr', createHash('sha256').update(secret).digest(), vector);
  const text = cipher.update(JSON.stringify(credentials), 'utf8', 'base64') + cipher.final('base64');
  return { $: vector.toString('hex') + text };
};
