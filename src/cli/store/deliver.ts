import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from '../../config/schema.ts';
import type { Catalog } from '../../core/catalog.ts';
import { LantianError } from '../../core/errors.ts';
import { createLog } from '../../core/log.ts';
import { inTransaction } from '../../core/sqlite.ts';
import { holdFolder } from '../../intake/folder.ts';
import { createStores, EMBEDDED, storeNames } from '../../store/index.ts';
import { createOutbox } from '../../store/outbox.ts';
import { createRefused } from '../../store/refused.ts';

/** What the pipeline does for the embedded store, where none runs: one batch of the outbox at a time until it has all. */
const deliverAll = async (database: DatabaseSync, settings: Settings, catalog: Catalog): Promise<void> => {
  const outbox = createOutbox(database, storeNames(settings, catalog), { maxBytes: settings.outbox.max_bytes });
  const refused = createRefused(database, { maxRows: settings.outbox.max_refused });
  const log = createLog(settings.log.level);
  const stores = createStores({ ...settings, influx: { ...settings.influx, url: undefined, targets: [] } }, { log });
  try {
    for (const store of stores)
      for (let batch = outbox.read(EMBEDDED, settings.store.batch); batch; ) {
        const refusals = await store.write(batch.points);
        const { upTo } = batch;
        inTransaction(database, () => {
          if (refusals.length > 0) refused.add(EMBEDDED, Date.now(), refusals);
          outbox.taken(EMBEDDED, upTo);
          outbox.flush();
        });
        batch = outbox.read(EMBEDDED, settings.store.batch);
      }
  } finally {
    for (const store of stores) await store.close();
  }
};

/**
 * Bring the embedded store up to date with the outbox.
 * @returns false where a pipeline runs: it does it itself
 * @throws LantianError data-unwritable
 */
export const deliverHere = async (database: DatabaseSync, settings: Settings, catalog: Catalog): Promise<boolean> => {
  let release: () => void;
  try {
    release = holdFolder(settings.data.folder);
  } catch (thrown) {
    if (thrown instanceof LantianError && thrown.code === 'data-in-use') return false;
    throw thrown;
  }
  try {
    await deliverAll(database, settings, catalog);
    return true;
  } finally {
    release();
  }
};
