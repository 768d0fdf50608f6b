import { LantianError, reasonOf } from '../../src/core/errors.ts';

// Grafana's HTTP API, with the name and password of a server administrator: organisations are made with those alone.

export interface GrafanaAt {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Ask = (method: string, path: string, body?: object, organisation?: number) => Promise<Answer>;

const TIMEOUT = 15_000;

const bodyOf = async (response: Response): Promise<Answer['body']> => {
  const text = await response.text();
  try {
    return JSON.parse(text === '' ? '{}' : text) as Answer['body'];
  } catch {
    return { message: text.slice(0, 200) }; // a proxy's page: its text is what there is to tell
  }
};

/** @throws LantianError grafana-unreachable */
export const askerOf = ({ url, user, password }: GrafanaAt): Ask => {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return async (method, path, body, organisation) => {
    const headers: Record<string, string> = { authorization, accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (organisation !== undefined) headers['x-grafana-org-id'] = String(organisation);
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      const request = { method, headers, signal, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await fetch(new URL(path, url.endsWith('/') ? url : `${url}/`), request);
      return { status: response.status, body: await bodyOf(response) };
    } catch (thrown) {
      const words = `${url}: ${reasonOf(thrown)}; Grafana 是否在运行，GRAFANA_URL 是否正确 is Grafana running, and GRAFANA_URL right?`;
      throw new LantianError('grafana-unreachable', words, { cause: thrown });
    }
  };
};

/**
 * What was answered, when it is what it should be.
 * @throws LantianError grafana-refused, with Grafana's words
 */
export const must = ({ status, body }: Answer, what: string): Answer['body'] => {
  if (status >= 200 && status < 300) return body;
  const hint =
    status === 401 ? '; 检查 GRAFANA_USER 与 GRAFANA_PASSWORD check both: a server administrator is needed' : '';
  throw new LantianError('grafana-refused', `${what}: ${status} ${String(body['message'] ?? '')}${hint}`);
};
