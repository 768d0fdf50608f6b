import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog } from '../../../src/config/catalog.ts';
import { loadSettings } from '../../../src/config/load.ts';
import type { Settings } from '../../../src/config/schema.ts';
import type { Catalog } from '../../../src/core/catalog.ts';
import { SECOND } from '../../../src/core/time.ts';
import { settingsEnvironment } from './environment.ts';

/** What nodes know of their county. */
export interface Known {
  readonly settings: Settings;
  readonly catalog: Catalog;
}

export interface County {
  /**
   * Settings, and the catalog as its files are now; looked at no more than once a second.
   * @throws LantianError config-invalid, catalog-invalid, file-unreadable: there is nothing to go on with
   */
  known(): Known;
}

export interface CountyOptions {
  /** Settings file; absent: lantian.yaml of the working folder where there is one, else the defaults. */
  readonly file?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Epoch ms. */
  readonly now: () => number;
  /** Told when the catalog was read again, or that it has mistakes now and the one before stays in use. */
  readonly changed: (thrown?: unknown) => void;
}

const LOOK_AFTER = SECOND;

/** Names, sizes and times of a folder's files; another text when any was changed. */
const stampOf = (folder: string): string =>
  readdirSync(folder)
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    })
    .join('\n');

/** @throws LantianError config-invalid, catalog-invalid, file-unreadable */
export const createCounty = ({ file, env, now, changed }: CountyOptions): County => {
  const settings = loadSettings({ file, env: settingsEnvironment(env) });
  const folder = join(settings.catalog, settings.county);
  let catalog = loadCatalog(settings.catalog, settings.county);
  let [stamp, looked] = [stampOf(folder), now()];

  const lookAgain = (): void => {
    const found = stampOf(folder);
    if (found === stamp) return;
    stamp = found;
    catalog = loadCatalog(settings.catalog, settings.county);
    changed();
  };
  return {
    known: () => {
      if (now() - looked >= LOOK_AFTER) {
        looked = now();
        try {
          lookAgain();
        } catch (thrown) {
          changed(thrown);
        }
      }
      return { settings, catalog };
    },
  };
};
