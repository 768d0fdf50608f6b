import type { DatabaseSync } from 'node:sqlite';
import { feeds } from '../../sensors/feeds/index.ts';
import { loadCatalog } from '../config/catalog.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Settings } from '../config/schema.ts';
import { LantianError } from '../core/errors.ts';
import { isoBeijing, parseTime } from '../core/time.ts';
import type { Feed, Reading } from '../core/types.ts';
import { createArchive } from '../intake/archive.ts';
import { strangeIn } from '../intake/decode.ts';
import type { DeskRow, Handed } from '../intake/desk.ts';
import type { Review } from '../intake/reviews.ts';
import { handIn, lineOf, settingsOf, withDatabase } from './desk.ts';
import { feedOf, timeText } from './enter/message.ts';

// A person's word on readings: they are looked up in the archive, and each gets a review of its own, which the pipeline takes like any
// other event. Whether it changes anything is the pipeline's to say: only there is it known what was done before it.

export interface ReviewOptions {
  readonly config?: string;
  readonly station: string;
  readonly time?: string;
  readonly from?: string;
  readonly to?: string;
  readonly quantities: string;
  readonly by: string;
  readonly reason: string;
}

type Action = Review['action'];

/** What a command line asks for: `from` and `to` are times of readings, both included. */
interface Wish {
  readonly action: Action;
  readonly feed: Feed;
  readonly station: string;
  readonly topic: string;
  readonly from: number;
  readonly to: number;
  readonly quantities: Review['quantities'];
  readonly person: string;
  readonly reason: string;
}

const instantOf = (option: string, text: string): number => {
  const time = parseTime(timeText(text.trim()));
  if (time === undefined) throw new LantianError('usage', `${option} ${text} 不是时间 is not a time`);
  return time;
};

const spanOf = ({ time, from, to }: ReviewOptions): { from: number; to: number } => {
  if (time !== undefined && from === undefined && to === undefined) {
    const instant = instantOf('--time', time);
    return { from: instant, to: instant };
  }
  if (time !== undefined || from === undefined || to === undefined)
    throw new LantianError('usage', 'give --time, or --from and --to');
  const span = { from: instantOf('--from', from), to: instantOf('--to', to) };
  if (span.from > span.to) throw new LantianError('usage', '--to 早于 --from is before --from');
  return span;
};

const quantitiesOf = (feed: Feed, text: string): Review['quantities'] => {
  if (text.trim() === 'all') return 'all';
  const names = [...new Set(text.split(/[,\s]+/).filter((name) => name !== ''))];
  const known = Object.keys(feeds[feed].quantities);
  const strange = names.find((name) => !known.includes(name));
  if (names.length > 0 && strange === undefined) return names;
  const hint = didYouMean(strange ?? '', known);
  throw new LantianError('usage', `--quantities ${text} 不全是 is not all, or quantities of ${feed}${hint}`);
};

const wishOf = (action: Action, feedText: string, options: ReviewOptions, settings: Settings): Wish => {
  const feed = feedOf(feedText);
  const catalog = loadCatalog(settings.catalog, settings.county);
  const wish = {
    action,
    feed,
    station: options.station,
    topic: `lantian/v1/${catalog.county.code}/${feed}/${options.station}`,
    ...spanOf(options),
    quantities: quantitiesOf(feed, options.quantities),
    person: lineOf('--by', options.by, 64),
    reason: lineOf('--reason', options.reason, 500),
  };
  const strange = strangeIn(wish.topic, catalog);
  if (strange !== undefined) throw new LantianError('review-refused', strange);
  return wish;
};

/** Readings that a wish is about. @throws LantianError review-refused: there are none */
const readingsFor = (database: DatabaseSync, { feed, station, from, to, quantities }: Wish): Reading[] => {
  const within = createArchive(database).range(feed, station, from - 1, to);
  const found = within.filter(({ values }) => quantities === 'all' || quantities.some((name) => name in values));
  if (found.length > 0) return found;
  const what =
    within.length === 0 ? '没有该读数 there is no reading' : '读数没有所述监测因子 the readings have none of these';
  const when = from === to ? isoBeijing(from) : `${isoBeijing(from)} – ${isoBeijing(to)}`;
  throw new LantianError('review-refused', `${what}: ${feed} ${station} ${when} ${[quantities].flat().join()}`);
};

const handedFor = (reading: Reading, { action, topic, quantities, person, reason }: Wish, asked: number): Handed => {
  const { feed, station, time, start, from, to } = reading;
  const review: Review = {
    action,
    ...{ feed, station, time, start, ...(from === undefined ? {} : { from, to: to! }) },
    quantities,
    reason,
  };
  return { kind: 'review', asked, person, topic, time, payload: Buffer.from(JSON.stringify(review)) };
};

const print = (readings: readonly Reading[], rows: readonly DeskRow[]): void => {
  const lines = readings.map(({ station, start, time }, i) =>
    [rows[i]!.id, station, isoBeijing(start), isoBeijing(time), rows[i]!.state, rows[i]!.detail].join('\t'),
  );
  process.stdout.write(['id\tstation\tstart\ttime\toutcome\tdetail', ...lines, ''].join('\n'));
};

/** @throws LantianError review-refused: some, or all, changed nothing */
const refuseIn = (rows: readonly DeskRow[]): void => {
  const refused = rows.filter(({ state }) => state === 'refused');
  if (refused.length === 0) return;
  const reasons = [...new Set(refused.map(({ detail }) => detail))].join('; ');
  throw new LantianError('review-refused', `${refused.length} / ${rows.length}: ${reasons}`);
};

/**
 * `lantian review invalidate|restore FEED`
 * @returns exit code 0, or 1 when one is not applied yet
 * @throws LantianError usage, catalog-invalid, file-unreadable, review-refused, desk-full
 */
const review =
  (action: Action) =>
  async (feed: string, options: ReviewOptions): Promise<number> => {
    const settings = settingsOf(options.config);
    const wish = wishOf(action, feed, options, settings);
    return withDatabase(settings, async (opened) => {
      const readings = readingsFor(opened.database, wish);
      const asked = Date.now();
      const rows = await handIn(
        opened,
        readings.map((reading) => handedFor(reading, wish, asked)),
      );
      print(readings, rows);
      refuseIn(rows);
      return rows.every(({ state }) => state === 'invalidated' || state === 'restored') ? 0 : 1;
    });
  };

export const invalidate = review('invalidate');
export const restore = review('restore');
