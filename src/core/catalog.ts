import type { Bilingual, Feed } from './types.ts';

/** A township (乡镇) or the zone (示范区): the places whose observations the county's plan counts. */
export interface Township {
  readonly id: string;
  readonly name: Bilingual;
  readonly kind: 'township' | 'zone';
}

/** How a station reports a feed, in milliseconds. */
export interface FeedSchedule {
  /** Span one reading covers when the message names none; 0 for an instant; `month` for a calendar month (P1M). */
  readonly period: number | 'month';
  /** Time between two readings when all is well. */
  readonly interval: number;
}

/** Anything that reports (站点/点位/断面/排口). */
export interface Station {
  readonly id: string;
  readonly name: Bilingual;
  /** Township id; absent where the source does not name one. */
  readonly township?: string;
  readonly feeds: Readonly<Partial<Record<Feed, FeedSchedule>>>;
  /** In service: expected to report, counted for silence and for complete county means. */
  readonly active: boolean;
  /** Counts in the county's mean. */
  readonly assessed: boolean;
  /** Made up for the simulator because the sources name none. */
  readonly example: boolean;
  readonly longitude?: number;
  readonly latitude?: number;
  /** Air station: quantities of the AQI that its monitoring plan does not have ("/"): they are not missing. */
  readonly notMonitored?: readonly string[];
  /** Water section: the class it must reach (I-V), GB 3838-2002. */
  readonly target?: 'I' | 'II' | 'III' | 'IV' | 'V';
  /** Water: river or lake (湖库), whose phosphorus limits differ. */
  readonly waterBody?: 'river' | 'lake';
  /** Stack outlet: the enterprise that owns it. */
  readonly enterprise?: string;
  /** Stack outlet: reference oxygen (%) of the permit; absent: no conversion. */
  readonly referenceOxygen?: number;
  /** Stack outlet: permit limits by quantity, mg/m³ as converted. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Stack outlet: concentrations that it is to measure; nothing of one is unknown, not absent. The catalog's are those that it limits. */
  readonly monitored?: readonly string[];
  /** Stack outlet: states that no exceedance is judged from, where the settings' do not hold (生态环境部公告2022年第21号). */
  readonly exemptStatuses?: readonly string[];
}

export interface Enterprise {
  readonly id: string;
  readonly name: Bilingual;
  readonly township?: string;
  readonly example: boolean;
}

export interface HazardPoint {
  readonly no: number;
  readonly name: string;
  readonly township: string;
  readonly type: 'rockfall' | 'landslide';
  readonly size: 'small' | 'medium' | 'large';
}

/** All that `sensors/counties/{code}` says, checked. */
export interface Catalog {
  readonly county: { readonly code: string; readonly name: Bilingual };
  readonly townships: readonly Township[];
  readonly stations: ReadonlyMap<string, Station>;
  readonly enterprises: ReadonlyMap<string, Enterprise>;
  readonly hazardPoints: readonly HazardPoint[];
  /** 沙尘天: dates (YYYY-MM-DD, Beijing) whose air is reported with and without them. */
  readonly dustDays: ReadonlySet<string>;
}

/** Stations in service that report a feed, in catalog order. */
export const stationsOf = (catalog: Catalog, feed: Feed): Station[] =>
  [...catalog.stations.values()].filter((station) => station.active && station.feeds[feed] !== undefined);
