import { z } from 'zod';
import { parseDuration } from '../core/time.ts';
import { RECTIFICATION_ABOVE } from '../standards/air-action-plan-2021.ts';

/** An ISO 8601 duration, read as milliseconds. */
const duration = (example: string, least = 'PT0S') =>
  z
    .string()
    .default(example)
    .transform((text, ctx) => {
      const value = parseDuration(text);
      if (value === undefined) ctx.addIssue({ code: 'custom', message: `not an ISO 8601 duration such as ${example}` });
      else if (value < parseDuration(least)!) ctx.addIssue({ code: 'custom', message: `at least ${least}` });
      return value ?? 0;
    });

const asNumber = (given: unknown): unknown => {
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : Number.NaN;
  return Number.isNaN(value) ? given : value;
};
/** A number, also as the text that an environment variable holds; nothing else is made into one (an empty text is not 0). */
const numeric = (form: z.ZodNumber) => z.preprocess(asNumber, form);
const count = (standard: number, least = 1) => numeric(z.number().int().min(least)).default(standard);
/** A TCP port; 0 lets the system choose. */
const port = (standard: number) => numeric(z.number().int().min(0).max(65535)).default(standard);
const flag = (standard: boolean) =>
  z
    .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], 'expected true or false')
    .default(standard);
/** A section whose every key has a default, so that the section itself may be absent. */
const section = <T extends z.ZodRawShape>(shape: T) => z.preprocess((given) => given ?? {}, z.strictObject(shape));

/** An address with a host, and a port that can be. */
const address = (schemes: RegExp, words: string) =>
  z.string().refine((text) => schemes.test(text) && !!URL.parse(text)?.hostname, words);

const broker = {
  url: address(/^(mqtts?|wss?|tcp|ssl):\/\//, 'not an MQTT address such as mqtt://host:1883').optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  /** Files of TLS: the authority that signed the broker's certificate, and our own certificate and key. */
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
  /** 5, or 4 for MQTT 3.1.1. */
  protocol: numeric(z.number().int().min(4).max(5)).default(5),
};

const influx = {
  url: address(/^https?:\/\//, 'not an address such as http://host:8086').optional(),
  /** 1 writes through `influx`, 2 and 3 through `@influxdata/influxdb-client`. */
  version: numeric(z.number().int().min(1).max(3)).default(1),
  database: z.string().default('lantian'),
  username: z.string().optional(),
  password: z.string().optional(),
  org: z.string().default('lantian'),
  bucket: z.string().default('lantian'),
  token: z.string().optional(),
  timeout: duration('PT10S', 'PT1S'),
};

/** Every setting, its default, and what it bounds. `docs/settings.md` says the same in words; a test compares them. */
export const settingsSchema = z.strictObject({
  county: z.coerce
    .string()
    .regex(/^\d{6}$/, 'a county is its six-digit GB/T 2260 code')
    .default('140430'),
  /** Folder of the counties' catalogs. */
  catalog: z.string().default('sensors/counties'),
  data: section({ folder: z.string().default('data') }),
  log: section({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn') }),
  mqtt: section({
    ...broker,
    /** More brokers, beside `url`. */
    brokers: z.array(z.strictObject({ ...broker, url: broker.url.unwrap() })).default([]),
    /** Our own broker; it runs when no address is given. */
    host: z.string().default('127.0.0.1'),
    port: port(1883),
    client_id: z.string().default('lantian'),
    /** Messages that a broker may have under way to us unacknowledged (MQTT 5 Receive Maximum). */
    in_flight: count(2000),
    keepalive: duration('PT30S'),
    session: duration('P7D'),
  }),
  intake: section({
    max_payload: count(65536),
    /** QoS 0 messages that wait for the journal; QoS 1 is bounded by what the broker may have under way. */
    waiting: count(20_000),
    /** A live reading may be this far ahead of the clock. */
    future: duration('PT10M'),
    /** A live reading may be this old. */
    max_age: duration('P400D'),
    tick: duration('PT1M', 'PT1S'),
    /** The clock's tick runs this far behind the clock, so that readings on their way are not missed. */
    grace: duration('PT2M'),
    /** After a connection, silence of stations is not judged before the backlog ended, at most this long. */
    settle: duration('PT10M'),
  }),
  journal: section({
    /** Messages not applied yet: when either is reached, nothing more is acknowledged. */
    max_pending: count(2_000_000),
    max_bytes: count(4 * 1024 ** 3),
    /** Applied messages are kept this long, as they came. */
    keep: duration('P7D'),
    /** Work of one commit, before it is made durable. */
    batch: count(2000),
    slice: duration('PT0.05S'),
  }),
  archive: section({ keep: duration('P430D') }),
  quarantine: section({ max_rows: count(100_000), max_bytes: count(256 * 1024 ** 2) }),
  outbox: section({
    max_bytes: count(4 * 1024 ** 3),
    batch: count(5000),
    retry_most: duration('PT30S', 'PT1S'),
    max_refused: count(10_000),
  }),
  store: section({ embedded: flag(true), keep: duration('P3653D') }),
  influx: section({ ...influx, targets: z.array(z.strictObject({ ...influx, url: influx.url.unwrap() })).default([]) }),
  http: section({ enabled: flag(true), host: z.string().default('127.0.0.1'), port: port(8080) }),
  air: section({
    /** Minutes of an hour that must be covered; GB 3095 Table 4 names it for gases, for PM it is this setting's choice. */
    hour_minutes: count(45),
    day_hours: count(20),
    /** HJ 663 6.1.2, quoted second-hand: the day's highest 8-hour mean of O3 needs 14 of 17, unless it is above the limit (µg/m³). */
    ozone_hours: count(6),
    ozone_windows: count(14),
    ozone_limit: numeric(z.number()).default(160),
  }),
  weather: section({
    /** The weather day begins at 20:00 or at 08:00. */
    day_starts: z.coerce
      .string()
      .regex(/^(20|08):00$/, 'a weather day begins at 20:00 or 08:00')
      .default('20:00'),
    /** No document at hand names a minimum for means of weather; these are this project's choice. */
    hour_minutes: count(45),
    day_hours: count(20),
  }),
  water: section({ day_readings: count(1), month_days: count(1) }),
  emission: section({ hour_minutes: count(45), day_hours: count(20) }),
  dustfall: section({
    /** 沁政办发〔2021〕16号, 17: a monthly maximum above this orders the campaign, t/(km²·30d). */
    rectification_above: numeric(z.number()).default(RECTIFICATION_ABOVE),
    /** Day of the next month from which a mean without all points counts. */
    mean_final_day: count(20),
  }),
  forecast: section({ max_age: duration('PT12H'), tolerance: duration('PT1H') }),
  rainstorm: section({
    /** 较强降雨 of level IV has no number in the annex; GB/T 28592 calls 25 mm in 24 h heavy rain. */
    strong_rain: numeric(z.number()).default(25),
  }),
  silent: section({ periods: count(3), at_least: duration('PT15M') }),
  signals: section({ retain_ended: duration('P30D') }),
  status: section({ every: duration('PT5M', 'PT1S') }),
});

/** The settings as the pipeline uses them: durations in milliseconds. */
export type Settings = z.infer<typeof settingsSchema>;
