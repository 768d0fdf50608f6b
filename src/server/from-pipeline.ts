import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { Settings } from '../config/schema.ts';
import type { Counts } from '../core/counts.ts';
import type { Log } from '../core/log.ts';
import type { Feed } from '../core/types.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Store } from '../store/port.ts';
import type { BrokerHealth, LatestReading, ServerParts, StoreHealth, VerdictView } from './parts.ts';

export interface Around {
  readonly pipeline: Pipeline;
  readonly settings: Settings;
  readonly log: Log;
  readonly now: () => number;
  readonly counts: () => Counts;
  readonly registry: Registry;
  readonly store: Store | undefined;
  readonly brokers: () => readonly BrokerHealth[];
  readonly stores: () => readonly StoreHealth[];
}

const verdictsOf = (pipeline: Pipeline): VerdictView[] =>
  [...pipeline.state().verdicts.values()].map(({ rule, verdict }) => ({
    kind: rule.kind,
    subject: verdict.subject,
    title: verdict.title,
    level: rule.levels[verdict.least - 1] ?? null,
    possible: rule.levels[verdict.most - 1] ?? null,
    evidence: verdict.least > 0 ? verdict.evidence(verdict.least) : [],
    lacking: verdict.lacking,
    basis: verdict.basis ?? rule.basis,
  }));

const readingsOf = ({ pipeline, now }: Around, id: string): LatestReading[] => {
  const feeds = Object.keys(pipeline.catalog().stations.get(id)?.feeds ?? {}) as Feed[];
  return feeds.flatMap((feed) => {
    const reading = pipeline.state().windows.get(`${feed}/${id}`)?.readings.at(-1);
    return reading === undefined ? [] : [{ feed, reading, age: now() - reading.time }];
  });
};

/** What the HTTP server shows, from the pipeline as it runs. */
export const partsOf = (around: Around): ServerParts => {
  const { pipeline, settings, log, now, store, counts, registry } = around;
  return {
    settings,
    log,
    now,
    store,
    counts,
    registry,
    catalog: pipeline.catalog,
    signals: () => [...pipeline.state().signals.values()],
    simulated: () => existsSync(join(settings.data.folder, 'simulator.json')),
    holder: pipeline.tokens.holder,
    decide: pipeline.decide,
    ledger: pipeline.ledger,
    reports: (signal) => pipeline.state().reports.get(signal) ?? new Map(),
    history: pipeline.register.history,
    verdicts: () => verdictsOf(pipeline),
    latest: (station) => pipeline.latest().filter((figure) => station === undefined || figure.station === station),
    readings: (id) => readingsOf(around, id),
    health: () => {
      const brokers = around.brokers();
      const connected = brokers.every((broker) => broker.connected);
      return { journal: pipeline.healthy(), broker: connected, brokers, stores: around.stores() };
    },
  };
};
