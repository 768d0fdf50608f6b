import type { Registry } from 'prom-client';
import type { Settings } from '../config/schema.ts';
import type { Catalog } from '../core/catalog.ts';
import type { Counts } from '../core/counts.ts';
import type { Log } from '../core/log.ts';
import type { Bilingual, Evidence, Feed, Figure, Reading, Signal } from '../core/types.ts';
import type { DeskRow } from '../intake/desk.ts';
import type { Decision } from '../signals/decision.ts';
import type { History } from '../signals/history.ts';
import type { Ledger } from '../signals/ledger.ts';
import type { Person } from '../signals/roles.ts';
import type { Store } from '../store/port.ts';

/** The latest reading of a feed at a station. */
export interface LatestReading {
  readonly feed: Feed;
  readonly reading: Reading;
  /** Milliseconds from the reading's time to now. */
  readonly age: number;
}

/** What a threshold says now, also where no signal is up: so that what it lacks can be read. */
export interface VerdictView {
  readonly kind: string;
  readonly subject: string;
  readonly title: Bilingual;
  /** Level proven by the evidence; null where none is, or where the kind has no levels. */
  readonly level: string | null;
  /** Highest level that what is lacking could still prove. */
  readonly possible: string | null;
  readonly evidence: readonly Evidence[];
  readonly lacking: readonly string[];
  readonly basis: { readonly document: string; readonly clause: string };
}

export interface BrokerHealth {
  readonly url: string;
  readonly connected: boolean;
}

export interface StoreHealth {
  readonly name: string;
  readonly connected: boolean;
  /** Points that wait in its outbox. */
  readonly depth: number;
  readonly lastError?: string;
}

export interface Health {
  /** The journal can be written and has room. */
  readonly journal: boolean;
  /** Every broker that is needed is connected. */
  readonly broker: boolean;
  readonly brokers: readonly BrokerHealth[];
  readonly stores: readonly StoreHealth[];
}

/** All that the HTTP server shows, handed in by the pipeline. Functions are asked at each request. */
export interface ServerParts {
  readonly settings: Settings;
  readonly log: Log;
  /** Epoch milliseconds. */
  now(): number;
  catalog(): Catalog;
  /** A store that can be read; undefined where none is set up. */
  readonly store: Store | undefined;
  /** Retained signals, in force and ended. */
  signals(): readonly Signal[];
  /** The data folder holds what a simulated county sent. */
  simulated(): boolean;
  /** Who holds a token; undefined: it is unknown or revoked. */
  holder(token: string): Person | undefined;
  /** Have a step taken or refused; resolves when that is durable. @param key the same step handed in again has the same answer */
  decide(decision: Decision, key?: string): Promise<DeskRow>;
  readonly ledger: Pick<Ledger, 'of' | 'newest'>;
  /** When each unit last reported on a signal, ms. */
  reports(signal: string): ReadonlyMap<string, number>;
  /** Earlier versions of the signals that go out as warnings. */
  readonly history: Pick<History, 'of' | 'newest'>;
  verdicts(): readonly VerdictView[];
  /** The latest figure of each station, measurement and tags. */
  latest(station?: string): readonly Figure[];
  readings(station: string): readonly LatestReading[];
  counts(): Counts;
  health(): Health;
  readonly registry: Registry;
}
