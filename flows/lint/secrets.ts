// Secrets in an exported node: properties that are called so, and texts that look so.

const SECRET_NAME = /passw|passphrase|secret|token|api_?key|credential|private_?key/i;
/** Names of users are not secret, but an export that holds them was not made from the environment. */
const USER_NAME = /^(user|userid|username)$/i;
const USER_IN_ADDRESS = /[a-z][a-z0-9+.-]*:\/\/[^\s/@:]+(:[^\s/@]*)?@/i;
const ASSIGNED = /(passw\w*|secret|token|api_?key)["']?\s*[:=]\s*["'`][^"'`$\s]{3,}["'`]/i;
/** Robots of groups are reached by an address that holds their key. */
const KEY_IN_ADDRESS =
  /[?&](access_?token|token|key|api_?key|secret|sign|passw\w*)=[^&\s"'`${]{3,}|\/bot\/v2\/hook\/[\w-]{3,}/i;
const BEARER = /\b(bearer|basic)\s+[\w+/=.-]{12,}/i;

/** A whole text of `${NAME}` is filled from the environment. */
const isVariable = (text: string): boolean => /^\$\{[A-Za-z_]\w*\}$/.test(text);

const isSecretText = (text: string): boolean =>
  [USER_IN_ADDRESS, KEY_IN_ADDRESS, ASSIGNED, BEARER].some((one) => one.test(text));

/** Settings of a node about a secret, not one: `passwordField: true`, `tokenType: "msg"`. */
const isSecretName = (name: string): boolean =>
  (SECRET_NAME.test(name) || USER_NAME.test(name)) && !/type$/i.test(name);

/** What a row of a form calls, by the text beside it: a header of a request, a rule of a change node, a variable of a tab. */
const ROWS = [
  ['keyValue', 'valueValue'],
  ['p', 'to'],
  ['name', 'value'],
] as const;
const NAMED_SECRET = /passw|secret|token|api[_-]?key|authorization|cookie/i;
const COMPUTED = /^(msg|flow|global|env|jsonata|bool|num|date|bin)$/;

const secretRows = (row: Readonly<Record<string, unknown>>): string[] =>
  ROWS.filter(([called, text]) => {
    const [name, value] = [row[called], row[text]];
    const how = row['tot'] ?? row['valueType'] ?? row['type'] ?? 'str';
    if (typeof name !== 'string' || typeof value !== 'string' || COMPUTED.test(String(how))) return false;
    return NAMED_SECRET.test(name) && value !== '' && !isVariable(value);
  }).map(([, text]) => text);

/** Paths of what is secret, or looks so, within a value. */
export const secretsIn = (value: unknown, path = '', name = ''): string[] => {
  if (typeof value === 'string') {
    if (value === '' || isVariable(value)) return [];
    return isSecretName(name) || isSecretText(value) ? [path] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  if (name === 'credentials' && Object.keys(value).length > 0) return [path];
  const pathOf = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const found = Object.entries(value).flatMap(([key, inner]) =>
    secretsIn(inner, pathOf(key), Array.isArray(value) ? name : key),
  );
  const rows = Array.isArray(value) ? [] : secretRows(value as Record<string, unknown>).map(pathOf);
  return [...new Set([...found, ...rows])];
};
