// npm run grafana:enterprise -- ENTERPRISE: an organisation of its own in Grafana for an enterprise, with its dashboard and a viewer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { loadCatalog } from '../src/config/catalog.ts';
import { loadSettings } from '../src/config/load.ts';
import type { Settings } from '../src/config/schema.ts';
import type { Catalog } from '../src/core/catalog.ts';
import { LantianError } from '../src/core/errors.ts';
import { enterpriseServersOf } from '../src/store/index.ts';
import { newPassword, openCredentials } from '../src/store/prepare/credentials.ts';
import { askerOf } from './grafana/ask.ts';
import { makePlace, type Outcome, type Place } from './grafana/enterprise.ts';

const HELP = `
在 Grafana 中为一家企业建立：机构、数据源（只读本企业的库）、文件夹、看板、只读用户。可重复运行。
Makes an organisation, a data source that reads the enterprise's own store alone, a folder, a dashboard and a viewer. Harmless when run again.

先决条件 needed before: influx.enterprises: true, npx lantian store init, 流水线已写入 and the pipeline has written
环境变量 environment: GRAFANA_PASSWORD（必须 required）, GRAFANA_USER (admin), GRAFANA_URL (http://127.0.0.1:3000)
  须为服务器管理员 a server administrator's; GRAFANA_STORE_URL: Grafana 访问时序库的地址，与流水线的不同时 the store's address as
  Grafana reaches it, where it is not the pipeline's
只读用户的密码在 data.folder 的 grafana-credentials.json（0600） the viewer's password is there

示例 Example:
  GRAFANA_PASSWORD=... npm run grafana:enterprise -- huaan-coking
`;

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  made: '新建 made',
  changed: '更新 updated',
  there: '已有 there',
};

/** Of a password that Grafana may not have yet. */
const NOT_YET = 'not in Grafana yet';

type Environment = Readonly<Record<string, string | undefined>>;

interface Options {
  readonly config?: string;
  readonly language: 'zh' | 'en';
}

/** Read credentials of the enterprise's own store, of the first server that has one. */
const storeOf = (settings: Settings, catalog: Catalog, id: string): Readonly<Record<string, string>> => {
  const kept = openCredentials(join(settings.data.folder, 'store-credentials.json'));
  const own = enterpriseServersOf(settings, catalog).filter(({ enterprise }) => enterprise === id);
  const found = own.map(({ name }) => kept.get(name)).find((credential) => credential !== undefined);
  if (found) return found;
  const words = `${id} 没有自己的库或凭据：设 influx.enterprises: true，运行 npx lantian store init。it has no store or credentials of its own: set influx.enterprises: true and run npx lantian store init`;
  throw new LantianError('config-invalid', words);
};

/** The viewer, and what to do when Grafana has its password. */
const viewerOf = (settings: Settings, id: string): { viewer: Place['viewer']; handedOver: () => void } => {
  const kept = openCredentials(join(settings.data.folder, 'grafana-credentials.json'));
  const login = `lantian-${id}`;
  const { password = newPassword(), state } = kept.get(login) ?? { state: NOT_YET };
  const isNew = state === NOT_YET;
  // On disk before Grafana hears of it, and marked until it has: an end in between leaves one that the next run hands over.
  if (isNew) kept.put(login, { login, password, state: NOT_YET });
  return { viewer: { login, password, isNew }, handedOver: () => isNew && kept.put(login, { login, password }) };
};

const placeOf = (
  id: string,
  { config, language }: Options,
  env: Environment,
): { place: Place; handedOver: () => void } => {
  const settings = loadSettings({ file: config, env });
  const catalog = loadCatalog(settings.catalog, settings.county);
  const enterprise = catalog.enterprises.get(id);
  if (enterprise === undefined)
    throw new LantianError('usage', `没有企业 no enterprise ${id}: ${[...catalog.enterprises.keys()].join(', ')}`);
  const store = storeOf(settings, catalog, id);
  const file = join(import.meta.dirname, `../dashboards/json/${language}/enterprise.json`);
  const { viewer, handedOver } = viewerOf(settings, id);
  const place: Place = {
    id,
    title: enterprise.name[language],
    store: { ...store, ...(env['GRAFANA_STORE_URL'] === undefined ? {} : { url: env['GRAFANA_STORE_URL'] }) },
    dashboard: JSON.parse(readFileSync(file, 'utf8')) as Place['dashboard'],
    viewer,
    administrator: env['GRAFANA_USER'] ?? 'admin',
  };
  return { place, handedOver };
};

const act = async (id: string, options: Options, env: Environment): Promise<void> => {
  const { GRAFANA_URL: url = 'http://127.0.0.1:3000', GRAFANA_USER: user = 'admin', GRAFANA_PASSWORD: password } = env;
  if (password === undefined || password === '')
    throw new LantianError('config-invalid', '设置环境变量 set the environment variable GRAFANA_PASSWORD');
  const ask = askerOf({ url, user, password });
  const { place, handedOver } = placeOf(id, options, env);
  for await (const { thing, outcome } of makePlace(ask, place))
    process.stdout.write(`${thing}\t${OUTCOMES[outcome]}\n`);
  handedOver();
};

const program = new Command('grafana:enterprise')
  .description('企业在 Grafana 中的机构、看板与只读用户 an enterprise’s place in Grafana')
  .argument('<enterprise>', '企业编码 id of the enterprise in the catalog')
  .option('-c, --config <file>', '设置文件 settings file')
  .addOption(new Option('--language <language>', '看板语言 of the dashboard').choices(['zh', 'en']).default('zh'))
  .addHelpText('after', HELP)
  .showHelpAfterError('（用 --help 查看用法 / see --help）')
  .exitOverride()
  .action((id: string, options: Options) => act(id, options, process.env));

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  else if (thrown instanceof LantianError) {
    process.stderr.write(`lantian: ${thrown.code}: ${thrown.message}\n`);
    process.exitCode = thrown.exit;
  } else throw thrown;
}
