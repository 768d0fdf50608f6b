import type { Catalog } from '../../src/core/catalog.ts';
import { DAY, MINUTE } from '../../src/core/time.ts';
import { createNoise } from './noise.ts';
import type { Draft, Message } from './scenario.ts';
import { scenariosOf } from './scenarios/index.ts';
import { type Source, sourcesOf } from './sources.ts';
import { createWorld, type World } from './world.ts';

export interface Range {
  /** Messages published in (from, to]; `to` may be Infinity. */
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  /** Instant that the scenarios are about (the storm's peak); default `to`. */
  readonly now?: number;
}

const written = (county: string, draft: Draft): Message => ({
  time: draft.time,
  topic: `lantian/v1/${county}/${draft.feed}/${draft.station}`,
  payload: draft.text ?? JSON.stringify(draft.body),
});

const published = (world: World, source: Source, from: number, to: number): Draft[] =>
  source
    .ends(from - source.delay, to - source.delay)
    .flatMap(source.drafts)
    .flatMap((draft) => [...world.disturb(draft)]);

/** What reports once a month has its latest report sent at the begin of a run, else none would be seen. */
const opening = (world: World, sources: readonly Source[], from: number): Draft[] =>
  sources
    .filter((source) => source.rare)
    .flatMap((source) =>
      source
        .ends(from - 32 * DAY, from - source.delay)
        .slice(-1)
        .flatMap(source.drafts),
    )
    .flatMap((draft) => [...world.disturb(draft)])
    .map((draft) => ({ ...draft, time: from }));

/**
 * The messages of a simulated county in the order of their publishing. Pure: the same catalog, scenarios and range give the
 * same messages; a range that begins later gives the rest of them, but for those that a fault held back across its begin.
 * @param names scenarios joined by commas
 * @throws LantianError usage when there is no such scenario
 */
export function* generate(catalog: Catalog, names: string, range: Range): Generator<Message> {
  const setting = { catalog, noise: createNoise(range.seed), now: range.now ?? range.to };
  const world = createWorld(scenariosOf(names), setting);
  const sources = sourcesOf(world);
  let waiting = opening(world, sources, range.from);
  for (let from = range.from; from < range.to; from += MINUTE) {
    const to = Math.min(from + MINUTE, range.to);
    waiting.push(...sources.flatMap((source) => published(world, source, from, to)));
    const due = waiting.filter((draft) => draft.time <= to).sort((a, b) => a.time - b.time);
    waiting = waiting.filter((draft) => draft.time > to);
    for (const draft of due) yield written(catalog.county.code, draft);
  }
}
