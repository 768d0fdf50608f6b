import { didYouMean } from '../../config/nearest.ts';
import type { Settings } from '../../config/schema.ts';
import type { Catalog } from '../../core/catalog.ts';
import { LantianError } from '../../core/errors.ts';
import { parseTime } from '../../core/time.ts';
import { enterpriseServersOf, type Server, serversOf } from '../../store/index.ts';
import { SERIES } from '../../store/series.ts';

export interface CopyOptions {
  readonly config?: string;
  readonly to?: string;
  readonly from?: string;
  readonly until?: string;
  readonly measurement?: string;
}

/** What is to be copied; `text` is equal for equal wishes. */
export interface Wished {
  readonly from: number;
  readonly until: number;
  readonly measurements: readonly string[] | undefined;
  readonly text: string;
}

const timeOf = (option: string, text: string | undefined, none: number): number => {
  if (text === undefined) return none;
  const time = parseTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (time !== undefined) return time;
  throw new LantianError('usage', `${option} ${text}: 不是时间 not a time such as 2026-10-01T08:00`);
};

const measurementsOf = (text: string | undefined): string[] | undefined => {
  const names = text?.split(',').map((name) => name.trim());
  const known = Object.keys(SERIES);
  const wrong = names?.find((name) => !known.includes(name));
  if (wrong === undefined) return names;
  const words = `--measurement ${wrong}: 没有此序列 no such measurement${didYouMean(wrong, known)}; ${known.join(', ')}`;
  throw new LantianError('usage', words);
};

/** @throws LantianError usage */
export const wishedBy = ({ from, until, measurement }: CopyOptions): Wished => {
  const span = {
    from: timeOf('--from', from, Number.MIN_SAFE_INTEGER + 1),
    until: timeOf('--until', until, Number.MAX_SAFE_INTEGER),
  };
  if (span.from >= span.until) throw new LantianError('usage', '--from 须早于 must be before --until');
  const measurements = measurementsOf(measurement);
  return { ...span, measurements, text: JSON.stringify([span.from, span.until, measurements?.toSorted() ?? null]) };
};

/**
 * The servers to copy to: the one that is named, or all.
 * @throws LantianError usage, config-invalid
 */
export const targetsOf = (to: string | undefined, settings: Settings, catalog: Catalog): Server[] => {
  const all = [...serversOf(settings), ...enterpriseServersOf(settings, catalog)];
  const names = all.map(({ name }) => name);
  if (names.length === 0)
    throw new LantianError('usage', '设置中没有 InfluxDB：设 influx.url the settings name no InfluxDB: set influx.url');
  const chosen = to === undefined ? all : all.filter(({ name }) => name === to);
  if (chosen.length > 0) return chosen;
  throw new LantianError('usage', `--to ${to}: 没有此库 no such store${didYouMean(to!, names)}; ${names.join(', ')}`);
};
