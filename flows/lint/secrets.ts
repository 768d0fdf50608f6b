// Secrets in an exported node: properties that are called so, and texts that look so.

const SECRET_NAME = /passw|passphrase|secret|token|api_?key|credential|private_?key/i;
/** Names of users are not secret, but an export that holds them was not made from the environment. */
const USER_NAME = /^(user|userid|username)$/i;
const USER_IN_ADDRESS = /[a-z][a-z0-9+.-]*:\/\/[^\s/@:]+(:[^\s/@]*)?@/i;
const ASSIGNED = /(passw\w*|secret|token|api_?key)["']?\s*[:=]\s*["'`][^"'`$\s]{3,}["'`]/i;
const BEARER = /\b(bearer|basic)\s+[\w+/=.-]{12,}/i;

/** A whole text of `${NAME}` is filled from the environment. */
const isVariable = (text: string): boolean => /^\$\{[A-Za-z_]\w*\}$/.test(text);

const isSecretText = (text: string): boolean => USER_IN_ADDRESS.test(text) || ASSIGNED.test(text) || BEARER.test(text);

/** Settings of a node about a secret, not one: `passwordField: true`, `tokenType: "msg"`. */
const isSecretName = (name: string): boolean =>
  (SECRET_NAME.test(name) || USER_NAME.test(name)) && !/type$/i.test(name);

/** Paths of what is secret, or looks so, within a value. */
export const secretsIn = (value: unknown, path = '', name = ''): string[] => {
  if (typeof value === 'string') {
    if (value === '' || isVariable(value)) return [];
    return isSecretName(name) || isSecretText(value) ? [path] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  if (name === 'credentials' && Object.keys(value).length > 0) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretsIn(inner, path === '' ? key : `${path}.${key}`, Array.isArray(value) ? name : key),
  );
};
