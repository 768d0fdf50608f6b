import { existsSync } from 'node:fs';
import { openSeries } from '../embedded-file.ts';
import { openSeriesReader } from '../embedded-reader.ts';
import type { Server } from '../index.ts';
import type { Credentials } from './credentials.ts';
import { prepareInflux1 } from './influx1.ts';
import { prepareInflux2 } from './influx2.ts';
import type { PrepareOptions, Things } from './thing.ts';

const KEPT = '超过 store.keep 的行由运行中的流水线删除 rows older than store.keep are removed by the running pipeline';

/**
 * Make the embedded store's file where there is none. One that is there is looked into and left alone: a pipeline may be writing.
 * @throws LantianError data-damaged, data-unwritable, file-unreadable
 */
export async function* prepareEmbedded(file: string): Things {
  const there = existsSync(file);
  if (there) openSeriesReader(file, () => {}).close();
  else openSeries(file, () => {}).close();
  yield { thing: `文件 file ${file}`, outcome: there ? 'there' : 'made', words: KEPT };
}

async function* prepareInflux3({ target }: Server): Things {
  const words =
    'InfluxDB 3 在首次写入时自建，保留期与令牌由服务器自己的命令设置 InfluxDB 3 makes it at the first write; retention and tokens are set by its own commands';
  yield { thing: `数据库 database ${target.bucket}`, outcome: 'none', words };
}

/**
 * Prepare a database or bucket on a server; harmless when run again.
 * @throws LantianError store-refused, store-unreachable, data-unwritable
 */
export const prepareServer = (server: Server, credentials: Credentials, options: PrepareOptions): Things => {
  if (server.target.version === 1) return prepareInflux1(server, credentials, options);
  return server.target.version === 2 ? prepareInflux2(server, credentials, options) : prepareInflux3(server);
};
