import { join } from 'node:path';
import { loadCatalog } from '../../config/catalog.ts';
import { loadSettings } from '../../config/load.ts';
import { LantianError } from '../../core/errors.ts';
import { seriesMostOf } from '../../store/cardinality.ts';
import { EMBEDDED, enterpriseServersOf, serversOf } from '../../store/index.ts';
import { openCredentials } from '../../store/prepare/credentials.ts';
import { prepareEmbedded, prepareServer } from '../../store/prepare/index.ts';
import type { Outcome, Things } from '../../store/prepare/thing.ts';

export interface InitOptions {
  readonly config?: string;
  readonly shorten?: boolean;
}

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  made: '新建 made',
  changed: '更改 changed',
  there: '已有 there',
  left: '未动 left',
  none: '无 none',
};

const FAILED = 1;

/** Print things as they are done; the exit code. What a server refuses is told, and the next one has its turn. */
const printThings = async (store: string, things: Things): Promise<number> => {
  let code = 0;
  try {
    for await (const { thing, outcome, words = '' } of things) {
      process.stdout.write(`${[store, thing, OUTCOMES[outcome], words].join('\t').trimEnd()}\n`);
      if (outcome === 'left') code = FAILED;
    }
  } catch (thrown) {
    if (!(thrown instanceof LantianError)) throw thrown;
    process.stderr.write(`lantian: ${thrown.code}: ${thrown.message}\n`);
    code = FAILED;
  }
  return code;
};

/**
 * `lantian store init`: prepare every store that the settings name; a line a thing on stdout, what is wrong on stderr.
 * @returns exit code 0, or 1 when something could not be done or was left for a person to decide
 * @throws LantianError config-invalid, catalog-invalid, file-unreadable
 */
export const init = async ({ config, shorten = false }: InitOptions): Promise<number> => {
  const settings = loadSettings({ file: config, env: process.env });
  const catalog = loadCatalog(settings.catalog, settings.county);
  const file = join(settings.data.folder, 'store-credentials.json');
  const credentials = openCredentials(file);
  const options = { keep: settings.store.keep, shorten };
  const codes: number[] = [];
  if (settings.store.embedded)
    codes.push(await printThings(EMBEDDED, prepareEmbedded(join(settings.data.folder, 'series.db'))));
  for (const server of [...serversOf(settings), ...enterpriseServersOf(settings, catalog)])
    codes.push(await printThings(server.name, prepareServer(server, credentials, options)));
  if (credentials.changed) process.stderr.write(`lantian: 凭据写入 credentials are in ${file} (0600)\n`);
  const most = seriesMostOf(catalog, settings);
  process.stderr.write(`lantian: 按目录每库至多 by the catalog a store has at most ${most} 个序列 series\n`);
  return Math.max(0, ...codes);
};
