import { join } from 'node:path';
import type { Settings } from '../config/schema.ts';
import type { Catalog } from '../core/catalog.ts';
import { LantianError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { createEmbeddedStore } from './embedded.ts';
import { createEnterpriseStore } from './enterprise.ts';
import { createInflux1Store } from './influx1.ts';
import { createInflux2Store } from './influx2.ts';
import type { Store } from './port.ts';

export const EMBEDDED = 'embedded';

export type Target = Settings['influx']['targets'][number];

/** Points of one write to a store. */
export const batchOf = ({ store, outbox }: Settings, name: string): number =>
  name === EMBEDDED ? store.batch : outbox.batch;

/** A database or bucket on a server; `enterprise`: whose own it is. */
export interface Server {
  readonly name: string;
  readonly target: Target;
  readonly enterprise?: string;
}

/** A server's name: the outbox remembers by it how far the server is, so it must not depend on the order of settings. */
const nameOf = (target: Target): string =>
  `${new URL(target.url).host}/${target.version === 1 ? target.database : target.bucket}`;

/** The servers that the settings name; one that is named twice is one. */
export const serversOf = ({ influx: { url, targets, ...first } }: Settings): Server[] => {
  const all = [...(url === undefined ? [] : [{ ...first, url }]), ...targets];
  return [...new Map(all.map((target) => [nameOf(target), { name: nameOf(target), target }])).values()];
};

/** The same server with an enterprise's own database or bucket. */
const ownOf = (target: Target, enterprise: string): Server => {
  const own = { ...target, database: `${target.database}_${enterprise}`, bucket: `${target.bucket}_${enterprise}` };
  return { name: nameOf(own), target: own, enterprise };
};

/**
 * The enterprises' own databases and buckets, where a server's `enterprises` is set.
 * @throws LantianError config-invalid: one of them is named by the settings for all rows
 */
export const enterpriseServersOf = (settings: Settings, catalog: Catalog): Server[] => {
  const servers = serversOf(settings);
  const owned = servers.filter(({ target }) => target.enterprises);
  const own = owned.flatMap(({ target }) => [...catalog.enterprises.keys()].map((id) => ownOf(target, id)));
  const shared = own.find(({ name }) => servers.some((server) => server.name === name));
  if (shared === undefined) return own;
  const words = `influx: ${shared.name} 是企业 ${shared.enterprise} 的库，不能写入全部数据 is the enterprise's own and cannot hold everyone's rows; name another database or bucket`;
  throw new LantianError('config-invalid', words);
};

/**
 * Names of the stores that the settings name, in the order of `createStores` and `createEnterpriseStores`; nothing is opened. Without a
 * catalog those of enterprises are left out.
 * @throws LantianError config-invalid
 */
export const storeNames = (settings: Settings, catalog?: Catalog): string[] => [
  ...(settings.store.embedded ? [EMBEDDED] : []),
  ...serversOf(settings).map(({ name }) => name),
  ...(catalog === undefined ? [] : enterpriseServersOf(settings, catalog).map(({ name }) => name)),
];

/** A store on a server; all rows are for it. */
export const createServerStore = ({ name, target }: Server, log: Log): Store => {
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
  const stores = serversOf(settings).map((server) => createServerStore(server, log));
  if (!settings.store.embedded) return stores;
  const damaged = (where: string, why: string) =>
    log.error({ where, why }, 'the embedded store is damaged; the rest goes on');
  return [createEmbeddedStore({ file: join(settings.data.folder, 'series.db'), damaged }), ...stores];
};

/**
 * Stores of the enterprises that the catalog has now, but for those that are there already. `catalog` gives the one in force.
 * @throws LantianError config-invalid
 */
export const createEnterpriseStores = (
  settings: Settings,
  catalog: () => Catalog,
  { log, except = [] }: { readonly log: Log; readonly except?: readonly string[] },
): Store[] =>
  enterpriseServersOf(settings, catalog())
    .filter(({ name }) => !except.includes(name))
    .map((server) => createEnterpriseStore(createServerStore(server, log), server.enterprise!, catalog));
