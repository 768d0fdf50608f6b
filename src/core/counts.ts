// What the pipeline counts, as one plain object: filled by the rooms, read by /metrics and by the terminal.
// Everything counts since the start of the process, except what is named "now".

/** Where a message ends (law 3): exactly one of these. */
export const OUTCOMES = ['stored', 'duplicate', 'quarantined'] as const;
export type Outcome = (typeof OUTCOMES)[number];

type By = Record<string, number>;

export interface Counts {
  /** Messages taken over from a broker, tried again from the quarantine, or entered by a person. received = sum of outcomes + inFlight. */
  received: number;
  outcomes: Record<Outcome, number>;
  /** QoS 0 messages not taken over because too many waited. */
  unacknowledgedDropped: number;
  /** Messages taken over that have no outcome yet, now. */
  inFlight: number;
  /** Quarantined messages by reason; their sum is outcomes.quarantined. */
  quarantined: By;
  /** Quarantined messages that went because the quarantine was full. */
  quarantineDropped: number;
  /** Messages in the journal that are not applied yet, now. */
  journalPending: number;
  /** Bytes of the journal, now. */
  journalBytes: number;
  /** Points and bytes that wait for a store, now, by store. */
  outboxPoints: By;
  outboxBytes: By;
  /** Points given up because a store's outbox was full, by store. */
  outboxDropped: By;
  /** Points a store has taken, points it will never take, and batches that failed and are sent again, by store. */
  storeWritten: By;
  storeRefused: By;
  storeFailures: By;
  /** Signals published on MQTT, and changes still to be published, now. */
  signalsPublished: number;
  signalsPending: number;
  /** Changes of signals by kind. */
  signalChanges: By;
  /** Figures written by measurement, a revised one again. */
  figures: By;
  /** Figures of the county and months of air that wait to be worked out by ticks, now. */
  figuresDue: number;
  /** Readings applied by feed. */
  readings: By;
  /** Readings with other values for a station and time that had some. */
  revisions: number;
  /** Readings for a period that was closed. */
  late: number;
  /** Reviews of readings by what came of them: invalidated, restored, refused. They are no messages. */
  reviews: By;
  /** Steps of people on signals by what came of them: done, refused. */
  decisions: By;
  /** Entries of the ledger, now. */
  ledgerEntries: number;
  /** 1 connected, 0 not, now, by broker. */
  brokerConnected: By;
  /** Rows and files set aside because they were damaged. */
  damage: number;
  ticks: number;
}

/** Counts at the start: nothing has happened. */
export const noCounts = (): Counts => ({
  received: 0,
  outcomes: { stored: 0, duplicate: 0, quarantined: 0 },
  unacknowledgedDropped: 0,
  inFlight: 0,
  quarantined: {},
  quarantineDropped: 0,
  journalPending: 0,
  journalBytes: 0,
  outboxPoints: {},
  outboxBytes: {},
  outboxDropped: {},
  storeWritten: {},
  storeRefused: {},
  storeFailures: {},
  signalsPublished: 0,
  signalsPending: 0,
  signalChanges: {},
  figures: {},
  figuresDue: 0,
  readings: {},
  revisions: 0,
  late: 0,
  reviews: {},
  decisions: {},
  ledgerEntries: 0,
  brokerConnected: {},
  damage: 0,
  ticks: 0,
});

/** Sum of a group. */
export const total = (group: Readonly<Record<string, number>>): number =>
  Object.values(group).reduce((sum, value) => sum + value, 0);

/** Count one (or more) under a name of a group. */
export const bump = (group: By, name: string, by = 1): void => {
  group[name] = (group[name] ?? 0) + by;
};
