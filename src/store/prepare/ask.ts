import { LantianError, reasonOf } from '../../core/errors.ts';

export interface Request {
  readonly url: string;
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** ms. */
  readonly timeout: number;
}

export interface Answer {
  readonly status: number;
  /** The answer's JSON; an empty object where it is none. */
  readonly json: unknown;
  /** The server's own words, where it says no. */
  readonly words: string;
}

const jsonOf = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return {}; // a proxy's page, or nothing: its text is in the words
  }
};

const wordsOf = (status: number, body: string): string => {
  const { error, message } = jsonOf(body) as { error?: string; message?: string };
  return message ?? error ?? `HTTP ${status} ${body.trim().slice(0, 200)}`;
};

/** Why there was no answer; fetch hides the reason in a cause. */
const causeOf = (thrown: unknown): string => {
  const { cause } = thrown as { cause?: unknown };
  return cause === undefined ? reasonOf(thrown) : reasonOf(cause) || String((cause as { code?: string }).code);
};

/**
 * One call of a server.
 * @throws LantianError store-unreachable
 */
export const ask = async ({ url, path, method, headers, body, timeout }: Request): Promise<Answer> => {
  try {
    const signal = AbortSignal.timeout(timeout);
    const init = { method, headers, signal, ...(body === undefined ? {} : { body }) };
    const response = await fetch(url.replace(/\/$/, '') + path, init);
    const text = await response.text();
    return { status: response.status, json: jsonOf(text), words: wordsOf(response.status, text) };
  } catch (thrown) {
    const words = `${new URL(url).host}: ${causeOf(thrown)}; 检查地址与服务器是否运行 check the address, and that the server runs`;
    throw new LantianError('store-unreachable', words, { cause: thrown });
  }
};

/** The server said no. */
export const refused = (url: string, words: string, advice: string): LantianError =>
  new LantianError('store-refused', `${new URL(url).host}: ${words}; ${advice}`);
