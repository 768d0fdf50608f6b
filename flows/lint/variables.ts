// Environment variables that a node reads: `${NAME}` in its properties, typed inputs of the type env, and env.get in code.

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Code and pages have `${}` of their own. */
const CODE = /^(func|initialize|finalize|format|template|head|style)$/;

const inText = (name: string, text: string): string[] => [
  ...[...text.matchAll(/\benv\.get\(\s*['"`]([A-Za-z_]\w*)['"`]/g)].map(([, found]) => found!),
  ...(CODE.test(name) ? [] : [...text.matchAll(/\$\{([A-Za-z_]\w*)\}/g)].map(([, found]) => found!)),
];

/** `vt: 'env'` says that `v` is a variable's name, `tot` that `to` is, `propertyType` that `property` is. */
const typed = (tree: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(tree)
    .filter(([, value]) => value === 'env')
    .flatMap(([key]) => [key.replace(/t$/, ''), key.replace(/Type$/, '')].filter((base) => base !== key))
    .map((base) => tree[base])
    .filter((value): value is string => typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value));

/** Node-RED's own, such as NR_FLOW_NAME, and those that a subflow or a tab defines are not the environment's. */
const isOurs = (name: string, own: readonly string[]): boolean => !name.startsWith('NR_') && !own.includes(name);

const all = (value: unknown, name = ''): string[] => {
  if (typeof value === 'string') return inText(name, value);
  if (!isTree(value)) return [];
  return [
    ...(Array.isArray(value) ? [] : typed(value)),
    ...Object.entries(value).flatMap(([key, inner]) => all(inner, key)),
  ];
};

const ownOf = (node: Readonly<Record<string, unknown>>): string[] =>
  (Array.isArray(node['env']) ? node['env'] : []).flatMap((one: unknown) =>
    isTree(one) && typeof one['name'] === 'string' ? one['name'] : [],
  );

/** Names of the variables of the environment that a node reads. */
export const variablesIn = (node: Readonly<Record<string, unknown>>): string[] => [
  ...new Set(all(node).filter((name) => isOurs(name, ownOf(node)))),
];
