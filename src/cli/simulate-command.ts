import type { Socket } from 'node:net';
import { loadCatalog } from '../config/catalog.ts';
import { loadSettings } from '../config/load.ts';
import { createLog } from '../core/log.ts';
import { type SimulateOptions, simulate } from './simulate.ts';

type Given = Omit<SimulateOptions, 'catalog' | 'signal' | 'log' | 'url'> & {
  config?: string;
  url?: string;
  withParent?: boolean;
};

/** Calls back when the process that holds the other end of our stdin has ended; nothing else waits for it. */
const atEndOfParent = (ended: () => void): void => {
  process.stdin.on('end', ended).on('error', ended).resume();
  // A pipe, by the way that we are started; a file or a terminal has no `unref`.
  (process.stdin as Partial<Socket>).unref?.();
};

/** `lantian simulate`: to the broker that the settings name, or our own, unless `--url` names another. */
export const simulateCommand = async ({ config, url, withParent, ...options }: Given): Promise<number> => {
  const settings = loadSettings({ file: config, env: process.env });
  const { mqtt } = settings;
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => abort.abort());
  if (withParent) atEndOfParent(() => abort.abort());
  return simulate({
    ...options,
    url: url ?? mqtt.url ?? `mqtt://${mqtt.host}:${mqtt.port}`,
    username: options.username ?? mqtt.username,
    password: options.password ?? mqtt.password,
    catalog: loadCatalog(settings.catalog, settings.county),
    signal: abort.signal,
    log: createLog(settings.log.level),
  });
};
