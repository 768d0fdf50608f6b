import type { z } from 'zod';

// What a schema is made of, read from Zod's own definitions: which keys may stand at a path, and which settings there are.

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

const definitionOf = (schema: z.ZodType): Definition => schema.def as unknown as Definition;

/** A preprocess is a pipe whose form is at its end; a transform is a pipe whose form is at its beginning. */
const pipedForm = (definition: Definition): z.ZodType =>
  definitionOf(definition.in!).type === 'transform' ? definition.out! : definition.in!;

/** Take optional, default, preprocess, transform and lazy off. */
const bare = (schema: z.ZodType): z.ZodType => {
  const definition = definitionOf(schema);
  if (definition.type === 'pipe') return bare(pipedForm(definition));
  if (definition.getter) return bare(definition.getter());
  return definition.innerType ? bare(definition.innerType) : schema;
};

const stepInto = (schema: z.ZodType, step: PropertyKey): z.ZodType[] => {
  const { shape, element, valueType, options } = definitionOf(bare(schema));
  if (options) return options.flatMap((option) => stepInto(option, step));
  const next = shape ? shape[String(step)] : (element ?? valueType);
  return next ? [next] : [];
};

const keysOf = (schema: z.ZodType): string[] => {
  const { shape, options } = definitionOf(bare(schema));
  return shape ? Object.keys(shape) : (options ?? []).flatMap(keysOf);
};

/** The keys that a schema knows at a path. */
export const keysAt = (schema: z.ZodType, path: readonly PropertyKey[]): string[] =>
  path.reduce((found, step) => found.flatMap((one) => stepInto(one, step)), [schema]).flatMap(keysOf);

/** A setting: its place, and whether it is a list. */
export interface Leaf {
  readonly path: readonly string[];
  readonly list: boolean;
}

/** Every setting of a schema, in its order: what is not a section itself. */
export const leavesOf = (schema: z.ZodType, path: readonly string[] = []): Leaf[] => {
  const { shape, type } = definitionOf(bare(schema));
  if (!shape) return [{ path, list: type === 'array' }];
  return Object.entries(shape).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
};
