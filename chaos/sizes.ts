// How much of each fault: a full run takes hours, a short one minutes, a quick one is for every change.

export interface Size {
  readonly name: 'full' | 'short' | 'quick';
  /** Days of the county's messages that kills and stops fall into; about 6,000 messages a day. */
  readonly days: number;
  /** kill -9 of the pipeline, of Mosquitto, of InfluxDB. */
  readonly kills: { readonly pipeline: number; readonly mosquitto: number; readonly influx: number };
  /** Seconds of a SIGSTOP. */
  readonly stopped: number;
  /** Databases with flipped bytes, and truncated write-ahead logs. */
  readonly damages: number;
  /** Sets of messages that are sent late, out of order and repeated. */
  readonly orders: number;
  readonly payloads: number;
  /** Seconds of twice the load that it can take. */
  readonly overload: number;
  /** Seconds of 1,000 messages/s. */
  readonly soak: number;
}

export const SIZES: Readonly<Record<Size['name'], Size>> = {
  full: {
    name: 'full',
    days: 6,
    kills: { pipeline: 200, mosquitto: 20, influx: 20 },
    stopped: 60,
    damages: 200,
    orders: 10,
    payloads: 1_000_000,
    overload: 300,
    soak: 3600,
  },
  short: {
    name: 'short',
    days: 1,
    kills: { pipeline: 12, mosquitto: 6, influx: 6 },
    stopped: 5,
    damages: 12,
    orders: 2,
    payloads: 20_000,
    overload: 10,
    soak: 20,
  },
  quick: {
    name: 'quick',
    days: 0.25,
    kills: { pipeline: 3, mosquitto: 2, influx: 2 },
    stopped: 1,
    damages: 2,
    orders: 1,
    payloads: 5_000,
    overload: 2,
    soak: 3,
  },
};
