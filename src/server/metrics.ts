import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Counts } from '../core/counts.ts';
import { withoutSecrets } from './secrets.ts';

type Values = number | Readonly<Record<string, number>>;

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly label?: string;
  readonly help: string;
  readonly of: (counts: Counts) => Values;
}

const counter = (name: string, help: string, of: Metric['of'], label?: string): Metric => ({
  name: `lantian_${name}_total`,
  type: 'counter',
  help,
  of,
  ...(label === undefined ? {} : { label }),
});

const gauge = (name: string, help: string, of: Metric['of'], label?: string): Metric => ({
  name: `lantian_${name}`,
  type: 'gauge',
  help,
  of,
  ...(label === undefined ? {} : { label }),
});

const brokersOf = (counts: Counts): Values =>
  Object.fromEntries(Object.entries(counts.brokerConnected).map(([url, value]) => [withoutSecrets(url), value]));

/** Every metric of our own; docs/http.md describes each, and a test compares the two both ways. */
export const METRICS: readonly Metric[] = [
  counter('messages_received', 'Messages taken over from a broker or a person', (c) => c.received),
  counter('messages_outcome', 'Messages by where they ended', (c) => c.outcomes, 'outcome'),
  counter(
    'unacknowledged_dropped',
    'QoS 0 messages not taken over because too many waited',
    (c) => c.unacknowledgedDropped,
  ),
  gauge('messages_in_flight', 'Messages taken over that have no outcome yet', (c) => c.inFlight),
  counter('quarantined', 'Messages quarantined, by reason', (c) => c.quarantined, 'reason'),
  counter('quarantine_dropped', 'Quarantined messages that went because it was full', (c) => c.quarantineDropped),
  gauge('journal_pending', 'Messages in the journal that are not applied yet', (c) => c.journalPending),
  gauge('journal_bytes', 'Bytes of the journal', (c) => c.journalBytes),
  gauge('outbox_points', 'Points that wait for a store', (c) => c.outboxPoints, 'store'),
  gauge('outbox_bytes', 'Bytes that wait for a store', (c) => c.outboxBytes, 'store'),
  counter('outbox_dropped', 'Points given up because the outbox was full', (c) => c.outboxDropped, 'store'),
  counter('store_written', 'Points a store has taken', (c) => c.storeWritten, 'store'),
  counter('store_refused', 'Points a store will never take', (c) => c.storeRefused, 'store'),
  counter('store_failures', 'Batches that failed and are sent again', (c) => c.storeFailures, 'store'),
  counter('signals_published', 'Signals published on MQTT', (c) => c.signalsPublished),
  counter('signal_changes', 'Changes of signals, by kind', (c) => c.signalChanges, 'kind'),
  gauge('signals_pending', 'Changes of signals still to be published', (c) => c.signalsPending),
  counter('figures', 'Figures written, by measurement', (c) => c.figures, 'measurement'),
  gauge('figures_due', 'Figures of the county and months of air that wait to be worked out', (c) => c.figuresDue),
  counter('readings', 'Readings applied, by feed', (c) => c.readings, 'feed'),
  counter('revisions', 'Readings that changed values already there', (c) => c.revisions),
  counter('late', 'Readings for a period that was closed', (c) => c.late),
  counter('reviews', 'Reviews of readings, by what came of them', (c) => c.reviews, 'outcome'),
  counter('decisions', 'Steps of people, by what came of them', (c) => c.decisions, 'outcome'),
  gauge('ledger_entries', 'Entries of the ledger', (c) => c.ledgerEntries),
  gauge('broker_connected', '1 where the broker is connected, else 0', brokersOf, 'broker'),
  counter('damage', 'Damaged rows and files set aside', (c) => c.damage),
  counter('ticks', 'Ticks of the clock applied', (c) => c.ticks),
];

// One scrape shows one instant: prom-client asks all metrics in one turn, so the first one's counts serve the rest.
// Otherwise received = outcomes + in flight could fail in between.
const oncePerTurn = (counts: () => Counts): (() => Counts) => {
  let held: Counts | undefined;
  return () => {
    if (held === undefined) {
      held = counts();
      queueMicrotask(() => {
        held = undefined;
      });
    }
    return held;
  };
};

const register = (metric: Metric, registry: Registry, counts: () => Counts): void => {
  const { name, help, label } = metric;
  const options = { name, help, registers: [registry], labelNames: label === undefined ? [] : [label] };
  const fill = (set: (labels: Record<string, string>, value: number) => void): void => {
    const values = metric.of(counts());
    if (typeof values === 'number') set({}, values);
    else for (const [key, value] of Object.entries(values)) set({ [label ?? 'name']: key }, value);
  };
  if (metric.type === 'gauge') return void asGauge(options, fill);
  asCounter(options, fill);
};

type Fill = (set: (labels: Record<string, string>, value: number) => void) => void;
interface Options {
  name: string;
  help: string;
  registers: Registry[];
  labelNames: string[];
}

const asGauge = (options: Options, fill: Fill): Gauge =>
  new Gauge({
    ...options,
    collect() {
      this.reset();
      fill((labels, value) => this.set(labels, value));
    },
  });

const asCounter = (options: Options, fill: Fill): Counter =>
  new Counter({
    ...options,
    collect() {
      this.reset();
      fill((labels, value) => this.inc(labels, value));
    },
  });

/** A registry of our own metrics, read from `counts` at each scrape, and of the process's. */
export const createRegistry = (counts: () => Counts): Registry => {
  const registry = new Registry();
  const snapshot = oncePerTurn(counts);
  for (const metric of METRICS) register(metric, registry, snapshot);
  collectDefaultMetrics({ register: registry });
  return registry;
};
