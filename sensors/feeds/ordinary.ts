import type { Payload, Quantity } from './definition.ts';
import type { Extras } from './form.ts';

// Zod makes each message anew, part by part, to say what is wrong with it. Next to nothing is wrong with most messages, and that shows
// at one look, several times faster. Zod stays the definition: what is taken here is what it takes (tests/feeds-ordinary.test.ts),
// all else is left to it.

const isObject = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

const areValues = (given: unknown, quantities: ReadonlySet<string>): boolean => {
  if (!isObject(given)) return false;
  for (const name in given) {
    const value = given[name];
    if (!quantities.has(name) || (value !== null && !Number.isFinite(value))) return false;
  }
  return true;
};

const areFlags = (given: unknown, quantities: ReadonlySet<string>): boolean => {
  if (!isObject(given)) return false;
  for (const name in given) {
    const flag = given[name];
    if (!quantities.has(name) || typeof flag !== 'string' || flag.length < 1 || flag.length > 16) return false;
  }
  return true;
};

/** A look at messages of a feed, see `isOrdinary`; its arguments are those of the feed's form. */
export const ordinaryForm = (
  quantities: Readonly<Record<string, Quantity>>,
  extras: Extras,
  wrongWith?: (payload: Payload) => string | undefined,
): ((content: unknown) => content is Payload) => {
  const names: ReadonlySet<string> = new Set(Object.keys(quantities));
  const own = new Map(Object.entries(extras));
  const needed = [
    'time',
    'values',
    ...[...own].flatMap(([name, form]) => (form.safeParse(undefined).success ? [] : name)),
  ];

  const isMember = (name: string, given: unknown): boolean => {
    if (name === 'time') return typeof given === 'string' || Number.isFinite(given);
    if (name === 'values') return areValues(given, names);
    if (name === 'flags') return areFlags(given, names);
    if (name === 'period') return typeof given === 'string';
    if (name === 'sequence') return Number.isSafeInteger(given);
    return own.get(name)?.safeParse(given).success === true;
  };

  return (content): content is Payload => {
    if (!isObject(content)) return false;
    for (const name in content) if (!isMember(name, content[name])) return false;
    for (const name of needed) if (!(name in content)) return false;
    return wrongWith?.(content as unknown as Payload) === undefined;
  };
};
