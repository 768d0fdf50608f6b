import { connect, type MqttClient } from 'mqtt';
import { LantianError, reasonOf } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';

export interface BrokerOptions {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Give up when the broker cannot be reached at first, in place of trying again. */
  readonly once?: boolean | undefined;
  readonly signal: AbortSignal;
  readonly log: Log;
}

// An error of several attempts (IPv6 and IPv4) has its text in its parts only.
const why = (thrown: unknown): string => {
  const parts = thrown instanceof AggregateError ? thrown.errors.map(reasonOf) : [];
  return parts.length > 0 ? parts.join('; ') : reasonOf(thrown);
};

/** One line for each outage, however often it is tried again, and one when it is over. */
const report = (client: MqttClient, { url, log }: BrokerOptions): void => {
  let away = false;
  const lost = (reason: string) => {
    if (!away) log.warn({ url }, `simulator: no connection to ${url} (${reason}); trying again every second`);
    away = true;
  };
  client.on('error', (error) => lost(why(error)));
  client.on('close', () => client.disconnecting || lost('the connection closed'));
  client.on('connect', () => {
    if (away) log.warn({ url }, `simulator: connected to ${url}`);
    away = false;
  });
};

const refused = (url: string, error: unknown): LantianError =>
  new LantianError('broker-refused', `no connection to ${url} (${why(error)})`, { cause: error });

/**
 * A connection to a broker, made; undefined when `signal` ended the wait. Later outages are bridged: what was not
 * acknowledged is sent again by the client.
 * @throws LantianError broker-refused, with `once` only
 */
export const connectBroker = (options: BrokerOptions): Promise<MqttClient | undefined> =>
  new Promise((resolve, reject) => {
    const { url, username, password, once, signal } = options;
    const client = connect(url, {
      reconnectPeriod: 1000,
      connectTimeout: 10_000,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
    const stop = () => client.end(true, () => resolve(undefined));
    signal.addEventListener('abort', stop, { once: true });
    const settle = () => signal.removeEventListener('abort', stop);
    const fail = (error: Error) => {
      settle();
      client.end(true, () => reject(refused(url, error)));
    };
    if (once) client.once('error', fail);
    client.once('connect', () => {
      client.removeListener('error', fail);
      settle();
      resolve(client);
    });
    if (once) client.once('connect', () => report(client, options));
    else report(client, options);
    if (signal.aborted) stop();
  });
