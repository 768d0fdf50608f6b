import { type Counts, total } from '../core/counts.ts';
import type { FieldValue, Point } from '../core/types.ts';
import type { Delays, Quantiles } from './delays.ts';

// The series `pipeline` and `pipeline_store`: how the pipeline itself does. What it counts is written as what came since the row before, so
// that a start anew makes no step; what it holds is written as it is.

/** What the machine says: bytes; undefined where it cannot be known. */
export interface Machine {
  readonly memory: number;
  readonly diskFree: number | undefined;
}

const latency = (quantiles: Quantiles | undefined): Record<string, FieldValue> =>
  quantiles === undefined ? {} : { latency_p50: quantiles.p50, latency_p99: quantiles.p99 };

const byReason = (now: Counts, before: Counts): Record<string, FieldValue> =>
  Object.fromEntries(
    Object.entries(now.quarantined)
      .map(([reason, count]) => [
        `quarantined_${reason.replaceAll('-', '_')}`,
        count - (before.quarantined[reason] ?? 0),
      ])
      .filter(([, count]) => count !== 0),
  );

const countedSince = (now: Counts, before: Counts): Record<string, FieldValue> => ({
  received: now.received - before.received,
  stored: now.outcomes.stored - before.outcomes.stored,
  duplicate: now.outcomes.duplicate - before.outcomes.duplicate,
  quarantined: now.outcomes.quarantined - before.outcomes.quarantined,
  ...byReason(now, before),
  dropped: now.unacknowledgedDropped - before.unacknowledgedDropped,
  revisions: now.revisions - before.revisions,
  late: now.late - before.late,
  damage: now.damage - before.damage,
  ticks: now.ticks - before.ticks,
  signals_published: now.signalsPublished - before.signalsPublished,
});

const heldNow = (now: Counts, { memory, diskFree }: Machine): Record<string, FieldValue> => ({
  in_flight: now.inFlight,
  journal_pending: now.journalPending,
  journal_bytes: now.journalBytes,
  signals_pending: now.signalsPending,
  figures_due: now.figuresDue,
  brokers: Object.keys(now.brokerConnected).length,
  brokers_connected: total(now.brokerConnected),
  memory,
  ...(diskFree === undefined ? {} : { disk_free: diskFree }),
});

/** A store at one moment. */
export interface StoreNow {
  readonly name: string;
  readonly connected: boolean;
}

const storeFields = (store: StoreNow, now: Counts, before: Counts, delays: Delays): Record<string, FieldValue> => {
  const of = (group: Readonly<Record<string, number>>): number => group[store.name] ?? 0;
  const points = of(now.outboxPoints);
  return {
    connected: store.connected,
    outbox_points: points,
    outbox_bytes: of(now.outboxBytes),
    age: points === 0 ? 0 : delays.age(store.name) / 1000,
    written: of(now.storeWritten) - of(before.storeWritten),
    refused: of(now.storeRefused) - of(before.storeRefused),
    failures: of(now.storeFailures) - of(before.storeFailures),
    dropped: of(now.outboxDropped) - of(before.outboxDropped),
    ...latency(delays.quantiles(store.name)),
  };
};

/** What there is to say at one moment. */
export interface Moment {
  readonly county: string;
  /** Epoch ms. */
  readonly time: number;
  readonly counts: Counts;
  /** The counts as of the row before. */
  readonly before: Counts;
  readonly stores: readonly StoreNow[];
  readonly delays: Delays;
  readonly machine: Machine;
}

/** A row of `pipeline` and one of `pipeline_store` for each store. The delays since the rows before are used up by it. */
export const ownPoints = ({ county, time, counts, before, stores, delays, machine }: Moment): Point[] => {
  const fields = { ...countedSince(counts, before), ...heldNow(counts, machine), ...latency(delays.quantiles()) };
  return [
    { measurement: 'pipeline', tags: { county }, time, fields },
    ...stores.map((store) => ({
      measurement: 'pipeline_store',
      tags: { county, store: store.name },
      time,
      fields: storeFields(store, counts, before, delays),
    })),
  ];
};
