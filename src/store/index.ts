import { join } from 'node:path';
import type { Settings } from '../config/schema.ts';
import type { Log } from '../core/log.ts';
import { createEmbeddedStore } from './embedded.ts';
import { createInflux1Store } from './influx1.ts';
import { createInflux2Store } from './influx2.ts';
import type { Store } from './port.ts';

const EMBEDDED = 'embedded';

type Target = Settings['influx']['targets'][number];

/** A server's name: the outbox remembers by it how far the server is, so it must not depend on the order of settings. */
const nameOf = (target: Target): string =>
  `${new URL(target.url).host}/${target.version === 1 ? target.database : target.bucket}`;

/** Servers by name; one that is named twice is one. */
const serversOf = ({ influx: { url, targets, ...first } }: Settings): Map<string, Target> =>
  new Map([...(url === undefined ? [] : [{ ...first, url }]), ...targets].map((one) => [nameOf(one), one]));

/** Names of the stores that the settings name, in the order of `createStores`; nothing is opened. */
export const storeNames = (settings: Settings): string[] => [
  ...(settings.store.embedded ? [EMBEDDED] : []),
  ...serversOf(settings).keys(),
];

const createInfluxStore = (target: Target, log: Log): Store => {
  const name = nameOf(target);
  if (target.version === 1) return createInflux1Store({ ...target, name });
  const unsupported = (points: number, why: string) =>
    log.warn({ store: name, points, why }, 'the server cannot unset fields; old values stay in these rows');
  return createInflux2Store({ ...target, name, unsupported });
};

/**
 * The stores that the settings name: the embedded one first, then servers.
 * @throws LantianError data-unwritable
 */
export const createStores = (settings: Settings, { log }: { readonly log: Log }): Store[] => {
  const stores = [...serversOf(settings).values()].map((target) => createInfluxStore(target, log));
  if (!settings.store.embedded) return stores;
  const damaged = (where: string, why: string) =>
    log.error({ where, why }, 'the embedded store is damaged; the rest goes on');
  return [createEmbeddedStore({ file: join(settings.data.folder, 'series.db'), damaged }), ...stores];
};
