import { loadCatalog } from '../config/catalog.ts';
import { type Inspection, inspectSettings } from '../config/load.ts';
import { howMany } from '../config/yaml.ts';
import type { Catalog } from '../core/catalog.ts';
import { ERRORS, LantianError } from '../core/errors.ts';
import { FEEDS } from '../core/types.ts';

/** What a catalog holds, in one line and two languages. */
export const summaryOf = ({ county, townships, stations, enterprises, hazardPoints }: Catalog): string => {
  const count = (feed: (typeof FEEDS)[number]) => [...stations.values()].filter(({ feeds }) => feeds[feed]).length;
  const byFeed = FEEDS.map((feed) => [feed, count(feed)] as const).filter(([, many]) => many > 0);
  const list = byFeed.map(([feed, many]) => `${feed} ${many}`).join(', ');
  const zones = townships.filter(({ kind }) => kind === 'zone').length;
  const towns = townships.length - zones;
  return [
    `${county.name.zh} ${county.code}：乡镇 ${towns}、示范区 ${zones}、站点 ${stations.size}（${list}）、企业 ${enterprises.size}、隐患点 ${hazardPoints.length}`,
    `${county.name.en}: townships ${towns}, zones ${zones}, stations ${stations.size} (${list}), enterprises ${enterprises.size}, hazard points ${hazardPoints.length}`,
  ].join(' / ');
};

const attempt = <T>(work: () => T, wrong: string[]): T | undefined => {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof LantianError)) throw thrown;
    wrong.push(...(thrown.details.length > 0 ? thrown.details : [thrown.message]));
    return undefined;
  }
};

const inspect = (file: string | undefined, wrong: string[]): Inspection | undefined => {
  const found = attempt(() => inspectSettings({ file, env: process.env }), wrong);
  wrong.push(...(found?.mistakes ?? []));
  return found;
};

/**
 * `lantian check`: settings and catalog, every mistake of both at once on stderr, or one line on stdout.
 * @returns the exit code: 0 all is well, 2 there are mistakes
 */
export const check = (options: { config?: string }): number => {
  const wrong: string[] = [];
  const place = inspect(options.config, wrong)?.catalog;
  const catalog = place && attempt(() => loadCatalog(place.folder, place.county), wrong);
  if (catalog && wrong.length === 0) {
    process.stdout.write(`${summaryOf(catalog)}\n`);
    return 0;
  }
  process.stderr.write(`${[...wrong, `${wrong.length} 处错误 / ${howMany(wrong)}`].join('\n')}\n`);
  return ERRORS['config-invalid'].exit;
};
