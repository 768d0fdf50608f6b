import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import { reasonOf } from '../core/errors.ts';
import { leavesOf } from './form.ts';
import { nearest } from './nearest.ts';

const PREFIX = 'LANTIAN_';

/** LANTIAN_MQTT_URL for mqtt.url. */
export const variableOf = (path: readonly string[]): string => PREFIX + path.join('_').toUpperCase();

/** A setting that the environment gives. */
export interface Override {
  readonly variable: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A list cannot be said in one text, so its variable holds YAML or JSON. */
const readList = (variable: string, text: string, mistakes: string[]): unknown => {
  try {
    return parse(text);
  } catch (thrown) {
    mistakes.push(`${variable}: ${reasonOf(thrown).split('\n')[0]}`);
    return [];
  }
};

/**
 * The LANTIAN_* variables. One that no setting answers to is a mistake; an empty one is not set at all, which is how
 * composed environments leave a variable out.
 */
export const overridesOf = (
  env: NodeJS.ProcessEnv,
  schema: z.ZodType,
): { overrides: Override[]; mistakes: string[] } => {
  const leaves = new Map(leavesOf(schema).map((leaf) => [variableOf(leaf.path), leaf]));
  const given = Object.keys(env).filter((name) => name.startsWith(PREFIX) && env[name] !== '');
  const mistakes = given
    .filter((name) => !leaves.has(name))
    .map((name) => `${name}: unknown variable, the nearest is ${nearest(name, leaves.keys())}`);
  const overrides = given.flatMap((variable) => {
    const leaf = leaves.get(variable);
    const text = env[variable] ?? '';
    return leaf ? [{ variable, path: leaf.path, value: leaf.list ? readList(variable, text, mistakes) : text }] : [];
  });
  return { overrides, mistakes };
};

const REFERENCE = /\$\{(file|env):([^}]*)\}/g;

const fetchSecret = (kind: string, name: string, env: NodeJS.ProcessEnv): string => {
  if (kind === 'file') return readFileSync(name, 'utf8').replace(/\r?\n$/, '');
  const value = env[name];
  if (value === undefined) throw new Error(`the environment has no ${name}`);
  return value;
};

/**
 * Put `${file:/path}` (less the newline at its end) and `${env:NAME}` in their places in every text of a value.
 * What cannot be read is told to `wrong` with its path; secrets themselves never stand in a message.
 */
export const resolveSecrets = (
  value: unknown,
  env: NodeJS.ProcessEnv,
  wrong: (path: readonly PropertyKey[], message: string) => void,
  path: readonly PropertyKey[] = [],
): unknown => {
  const fill = (whole: string, kind: string, name: string): string => {
    try {
      return fetchSecret(kind, name, env);
    } catch (thrown) {
      wrong(path, `${whole}: ${reasonOf(thrown)}`);
      return '';
    }
  };
  if (typeof value === 'string') return value.replace(REFERENCE, fill);
  if (Array.isArray(value)) return value.map((item, index) => resolveSecrets(item, env, wrong, [...path, index]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, resolveSecrets(inner, env, wrong, [...path, key])]),
  );
};
