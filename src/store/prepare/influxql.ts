import type { Target } from '../index.ts';
import type { Statement } from '../influx1-query.ts';
import { ask, refused } from './ask.ts';

export interface User {
  readonly username: string;
  readonly password: string;
}

/** Rows of a statement's answer, by column. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

interface Said {
  readonly status: number;
  readonly rows: Rows;
  /** The server's words where it says no. */
  readonly error?: string;
}

/** A list without entries has columns and no values. */
const rowsOf = (statement: Statement | undefined): Rows =>
  (statement?.series ?? []).flatMap(({ columns, values = [] }) =>
    values.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]]))),
  );

/**
 * A statement, as nobody or as a user. Names and passwords go in the header and the body, never in the address.
 * @throws LantianError store-unreachable
 */
export const tell = async (
  { url, timeout }: Pick<Target, 'url' | 'timeout'>,
  statement: string,
  user?: User,
): Promise<Said> => {
  const basic = user && Buffer.from(`${user.username}:${user.password}`).toString('base64');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...(basic === undefined ? {} : { authorization: `Basic ${basic}` }),
  };
  const body = new URLSearchParams({ q: statement }).toString();
  const { status, json, words } = await ask({ url, timeout, path: '/query', method: 'POST', headers, body });
  if (status !== 200) return { status, rows: [], error: words };
  const [result] = (json as { results?: Statement[] }).results ?? [];
  if (result?.error !== undefined) return { status, rows: [], error: result.error };
  return { status, rows: rowsOf(result) };
};

/** Whether a user is who it says; one without any rights is as well. */
export const isKnown = async (target: Target, user: User): Promise<boolean> =>
  (await tell(target, 'SHOW DATABASES', user)).status !== 401;

/** Statements that must succeed. */
export type Run = (statement: string) => Promise<Rows>;

/**
 * Run statements as a user, or as nobody where the server asks for none.
 * @throws LantianError store-refused, store-unreachable: from each statement
 */
export const runner =
  (target: Target, user: User | undefined, advice: string): Run =>
  async (statement) => {
    const { rows, error } = await tell(target, statement, user);
    if (error === undefined) return rows;
    throw refused(target.url, error, advice);
  };
