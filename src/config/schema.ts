import { z } from 'zod';
import { parseDuration } from '../core/time.ts';
import { RECTIFICATION_ABOVE } from '../standards/air-action-plan-2021.ts';
import { DAYS as ANTECEDENT_DAYS, K as ANTECEDENT_SHARE } from '../standards/effective-rain.ts';
import { DAY_HOURS_LEAST, DAYS_LEAST, HOUR_MINUTES_LEAST } from '../standards/gb3095.ts';
import { LIFT_HOURS } from '../standards/heavy-pollution-2018.ts';
import { STANDARD_PRESSURE } from '../standards/hj2-3-2018.ts';
import { FEBRUARY_DAYS, MONTH_DAYS } from '../standards/hj76-2017.ts';
import { AIR_OXYGEN, DAY_HOURS, HOUR_MINUTES } from '../standards/hj212-2017.ts';
import { OZONE, STATIONS } from '../standards/hj663-2013.ts';
import { ROUNDING } from '../standards/hj663-2026.ts';
import { DRIFT as DRIFT_OF_PARTICLES } from '../standards/hj817-2018.ts';
import { DRIFT as DRIFT_OF_GASES } from '../standards/hj818-2018.ts';
import { EXPOSURE } from '../standards/hj1221.ts';
import { MARKABLE } from '../standards/marking-rules-2022.ts';
import { COLOURS, type WarningEdition } from '../standards/warning-signals.ts';
import { ITEMS as EVALUATED_ITEMS, YEAR_MONTHS } from '../standards/water-evaluation-2011.ts';
import { BELOW_DETECTION, PH_MEANS } from '../standards/water-statistics-2020.ts';
import { REPORTING } from '../standards/weather-command-2021.ts';
import { FOG_PATCH, FROST_SEASONS, STRONG_RAIN } from '../standards/weather-plan-2021.ts';
import { brokerForm } from './broker-form.ts';

/** An ISO 8601 duration, read as milliseconds. */
export const duration = (example: string, least = 'PT0S') =>
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
/** A number written where a word is asked for. */
const asText = (given: unknown): unknown => (typeof given === 'number' ? String(given) : given);
const SEASON = /^(\d{2}-\d{2})\/(\d{2}-\d{2})$/;
/** Spans of dates of any year, `04-01/05-31`, both ends in it. */
const seasons = (standard: readonly string[]) =>
  z
    .array(z.string().regex(SEASON, 'a span of dates such as 04-01/05-31'))
    .transform((all) => all.map((text) => text.split('/') as [from: string, to: string]))
    .prefault([...standard]);
/** mm that are enough, if they are asked for. */
const rainLimit = numeric(z.number().positive()).optional();
export const count = (standard: number, least = 1) => numeric(z.number().int().min(least)).default(standard);
/** A TCP port; 0 lets the system choose. */
const port = (standard: number) => numeric(z.number().int().min(0).max(65535)).default(standard);
export const flag = (standard: boolean) =>
  z
    .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], 'expected true or false')
    .default(standard);
/** A section whose every key has a default, so that the section itself may be absent. */
export const section = <T extends z.ZodRawShape>(shape: T) =>
  z.preprocess((given) => given ?? {}, z.strictObject(shape));

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
  /** Who may make databases, users and tokens: for `store init` alone, the pipeline does not use them. */
  admin_username: z.string().optional(),
  admin_password: z.string().optional(),
  admin_token: z.string().optional(),
  /** Each enterprise of the catalog has a store of its own on the server, with its own rows alone. */
  enterprises: flag(false),
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
  broker: section(brokerForm),
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
    max_pending: count(15_000_000),
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
  store: section({
    embedded: flag(true),
    /** Points of one transaction of the embedded store, where so many wait. */
    batch: count(20_000),
    keep: duration('P3653D'),
  }),
  influx: section({ ...influx, targets: z.array(z.strictObject({ ...influx, url: influx.url.unwrap() })).default([]) }),
  http: section({
    enabled: flag(true),
    host: z.string().default('127.0.0.1'),
    port: port(8080),
    /** Who may read without a token: programs of this machine, everyone, or no one. Steps always need a token. */
    anonymous: z.enum(['loopback', 'always', 'never']).default('loopback'),
    /** A step waits so long for the pipeline before it is told that it will be done later. */
    patience: duration('PT20S', 'PT1S'),
  }),
  air: section({
    /** Minutes of an hour that must be covered; GB 3095 Table 4 names it for gases, for PM it is this setting's choice. */
    hour_minutes: count(HOUR_MINUTES_LEAST),
    day_hours: count(DAY_HOURS_LEAST),
    /** GB 3095 Table 4, read in the edition of 2026: daily means of a month, of a February, of a year. */
    month_days: count(DAYS_LEAST.month),
    month_days_february: count(DAYS_LEAST.february),
    year_days: count(DAYS_LEAST.year),
    /** HJ 663 6.1.2, quoted second-hand: the day's highest 8-hour mean of O3 needs 14 of 17, unless it is above the limit (µg/m³). */
    ozone_hours: count(OZONE.hoursLeast),
    ozone_windows: count(OZONE.windowsLeast),
    ozone_limit: numeric(z.number()).default(OZONE.limit),
    /** HJ 663, from memory: a county's figure needs this share of its assessed stations, and the lesser where it has fewer than `county_few`. */
    county_share: numeric(z.number().min(0).max(1)).default(STATIONS.share),
    county_share_few: numeric(z.number().min(0).max(1)).default(STATIONS.shareFew),
    county_few: count(STATIONS.few),
    /** 优良天数目标 of the year, the county's: from its own plan of the year (290 was the result of 2020). Absent: none. */
    good_days_target: numeric(z.number().int().min(1).max(366)).optional(),
    /** HJ 633-2026, 5.3.1: PM10 alone missing leaves no AQI of 100 or less; it is published all the same. */
    aqi_pm10_blocks: flag(false),
    /** HJ 633-2012 does not say whether concentrations are rounded before the index. */
    aqi_rounds_2012: flag(false),
    /** 环办〔2014〕64号: PM limits of the composite index; whether rankings since 2026 use those of GB 3095-2026's transition is not known. */
    ranking_limits: z.enum(['2012', 'transition']).default('2012'),
    /** HJ 663-2026, second-hand: decimals of figures that are reported. */
    rounding: section({
      statistic: count(ROUNDING.statistic, 0),
      statistic_co: count(ROUNDING.statistic_co, 0),
      evaluation: count(ROUNDING.evaluation, 0),
      evaluation_co: count(ROUNDING.evaluation_co, 0),
      multiple: count(ROUNDING.multiple, 0),
      rate: count(ROUNDING.rate, 0),
      single_index: count(ROUNDING.single_index, 0),
      composite_index: count(ROUNDING.composite_index, 0),
    }),
  }),
  /** Which rules take a value out of figures, and their numbers: the project's choice, but the drifts, which are HJ 817's and HJ 818's as remembered. */
  quality: section({
    /** Values that a station flags are always out. */
    exclude: z.array(z.enum(['negative', 'inverted', 'stuck', 'spike'])).default(['negative']),
    /** A value below zero by no more than this is drift and is used; µg/m³, co in mg/m³. */
    drift_pm: numeric(z.number()).default(DRIFT_OF_PARTICLES.pm),
    drift_so2: numeric(z.number()).default(DRIFT_OF_GASES.so2),
    drift_no2: numeric(z.number()).default(DRIFT_OF_GASES.no2),
    drift_o3: numeric(z.number()).default(DRIFT_OF_GASES.o3),
    drift_co: numeric(z.number()).default(DRIFT_OF_GASES.co),
    /** So many hours of one day with the very same value, not zero. */
    stuck_hours: count(6, 2),
    /** An hour so many times its greater neighbour, and above it by more than `spike_*`. */
    spike_ratio: numeric(z.number()).default(5),
    spike_pm: numeric(z.number()).default(300),
    spike_gas: numeric(z.number()).default(150),
    spike_co: numeric(z.number()).default(5),
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
  water: section({
    day_readings: count(1),
    month_days: count(1),
    /** 环办〔2011〕22号, from memory: a year is 12 monthly values, at least 8 where ice keeps from sampling; an item with fewer is not judged. */
    year_months: count(YEAR_MONTHS),
    /**
     * Items without which a class is not valid: of the nine that national automatic stations measure those that take part. No document
     * names a minimum, this is the project's choice.
     */
    required_items: z
      .array(z.enum(EVALUATED_ITEMS))
      .default(['ph', 'dissolved_oxygen', 'permanganate_index', 'ammonia_nitrogen', 'total_phosphorus']),
    /** 环办监测函〔2020〕82号, second-hand: pH is averaged as hydrogen ions. */
    ph_mean: z.enum(PH_MEANS).default('hydrogen'),
    /** The same, from memory: a value below its detection limit counts as this share of it. */
    below_detection: numeric(z.number().min(0).max(1)).default(BELOW_DETECTION),
    /** GB 3838-2002 Table 1 names 90 % of saturation beside 7.5 mg/L; not all evaluate it. */
    do_saturation: flag(true),
    /** Pressure of the air for that, kPa; at the sea's it is the least favourable to a high place. Engineering, no document's. */
    pressure: numeric(z.number().min(30).max(110)).default(STANDARD_PRESSURE),
    /** 总站水字〔2018〕87号, second-hand: values are rounded before they are judged. */
    rounded_first: flag(false),
  }),
  emission: section({
    hour_minutes: count(HOUR_MINUTES),
    day_hours: count(DAY_HOURS),
    /** HJ 76-2017, second-hand. */
    month_days: count(MONTH_DAYS),
    month_days_february: count(FEBRUARY_DAYS),
    /** Each reading is converted to the reference oxygen and the results are averaged, or the means of the hour are converted. */
    convert: z.enum(['reading', 'mean']).default('reading'),
    /** From this oxygen on, in %, the plant stands and nothing can be converted. No document says so: near 21 % the conversion runs away. */
    oxygen_stopped: numeric(z.number().positive().lt(AIR_OXYGEN)).default(19.5),
    /** States that no exceedance is judged from: 生态环境部公告2022年第21号 for four trades, for others by local decision. */
    exempt_statuses: z.array(z.enum(MARKABLE)).default(['stopped']),
  }),
  dustfall: section({
    /** 沁政办发〔2021〕16号, 17: a monthly maximum above this orders the campaign, t/(km²·30d). */
    rectification_above: numeric(z.number()).default(RECTIFICATION_ABOVE),
    /** Day of the next month from which a mean without all points counts. */
    mean_final_day: count(20),
    /** HJ 1221-2021 exposes a jar for 30 ± 2 d, from memory: other exposures are marked, and used. */
    exposure_least: numeric(z.number()).default(EXPOSURE.least),
    exposure_most: numeric(z.number()).default(EXPOSURE.most),
    /** What hung out longer says nothing of one month and belongs to none, d: half as long again as the method's, the project's choice. */
    exposure_longest: numeric(z.number().positive().max(366)).default(45),
    /**
     * A county whose monthly mean is above this fails the assessment, t/(km²·30d), and the document that says so. Without them the document
     * in force in that month decides (9.0, from October 2021 7.0); which one sets the 7.0 of today's bulletins is not known.
     */
    assessment_limit: numeric(z.number().positive()).optional(),
    assessment_document: z.string().min(1).optional(),
  }).superRefine(({ assessment_limit, assessment_document }, context) => {
    const lone = (given: string, other: string) =>
      context.addIssue({ code: 'custom', path: [given], message: `stands with ${other}: a limit has its document` });
    if (assessment_limit !== undefined && assessment_document === undefined)
      lone('assessment_limit', 'assessment_document');
    if (assessment_limit === undefined && assessment_document !== undefined)
      lone('assessment_document', 'assessment_limit');
  }),
  forecast: section({ max_age: duration('PT12H'), tolerance: duration('PT1H') }),
  response: section({
    /** 较强降雨 of rainstorm IV has no number in the annex; GB/T 28592 calls 25 mm in 24 h heavy rain. */
    strong_rain: numeric(z.number()).default(STRONG_RAIN),
    /** 降雪仍将持续 of snowstorm IV: more than this in 24 h, mm. Any snow that is forecast. */
    snow_goes_on: numeric(z.number().min(0)).default(0),
    /** 成片 of fog: so many townships. */
    fog_patch: count(FOG_PATCH),
    /** Early-autumn and late-spring frost that harms farming, MM-DD/MM-DD: the project's choice. */
    frost_seasons: seasons(FROST_SEASONS),
    /** 已经出现并可能持续: what the gauges show in the last hour is taken to go on. */
    going_on: flag(true),
    /** Rule (11): a response in force for so long whose level forecasts still make up is proposed one step higher. */
    develops_after: duration('PT12H'),
    /** A level in force is kept until its limits are missed by a share of them, by degrees, by an index, by a force: what trembles does not flap. */
    reset_share: numeric(z.number().min(0).max(0.5)).default(0.1),
    reset_degrees: numeric(z.number().min(0).max(5)).default(0.5),
    reset_index: numeric(z.number().min(0).max(1)).default(0.1),
    /** Half a force: decimals do not flap, the next whole force below is below. */
    reset_force: numeric(z.number().min(0).max(3)).default(0.5),
    /** And it is held at least so long. */
    hold: duration('PT1H'),
  }),
  warning_signals: section({
    /** Edition of the signals that are proposed. */
    edition: z.enum(['cma-2007']).default('cma-2007'),
    /** A YAML file of a province's levels, which take the place of the edition's or join them. */
    file: z.string().min(1).optional(),
  }),
  /** 地质灾害气象风险: off until the bureau of natural resources has signed off a curve. */
  geological: section({
    /** Share of a day's rain that is left a day later, and days before the day under way that count: public systems differ. */
    k: numeric(z.number().gt(0).lt(1)).default(ANTECEDENT_SHARE),
    days: numeric(z.number().int().min(1).max(60)).default(ANTECEDENT_DAYS),
    /** Whether the day under way counts, whole. */
    today: flag(true),
    /** What makes up a level: all of an entry's, in mm; entries of one level are alternatives. */
    curve: z
      .array(
        z
          .strictObject({
            level: z.enum(COLOURS),
            effective_rain: rainLimit,
            rain_1h: rainLimit,
            rain_24h: rainLimit,
          })
          .refine(
            ({ level: _, ...limits }) => Object.values(limits).some((limit) => limit !== undefined),
            'names no rain: effective_rain, rain_1h or rain_24h',
          ),
      )
      .default([]),
    /** Who signed the curve off, and the document. */
    signed_by: z.string().min(1).optional(),
    document: z.string().min(1).optional(),
  }).superRefine(({ curve, signed_by, document }, context) => {
    if (curve.length === 0) return;
    for (const [name, given] of Object.entries({ signed_by, document }))
      if (given === undefined)
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'a curve stands with who signed it off and the document',
        });
  }),
  heavy_pollution: section({
    /**
     * Edition of the warning levels. Shanxi's plan in force was not at hand: 2024 is the ministry's newer guidance, that provinces have
     * followed since, and warns no later than 2018 but at an AQI of 500.
     */
    plan: z.preprocess(asText, z.enum(['2018', '2024'])).default('2024'),
    /** Daily forecasts are issued once a day: one that is late by half a day is waited for. Memory keeps them for two days. */
    max_age: duration('PT36H').refine((age) => age <= 48 * 3_600_000, 'at most PT48H'),
    /** Hours ahead that must be expected below a level's mark before it ends, quoted second-hand (太原 2019). */
    lift_hours: numeric(z.number().int().min(1).max(240)).default(LIFT_HOURS),
  }),
  /** 沁政办发〔2021〕19号, 3.4: reports of the command's members to its office while a response is in force. */
  reports: section({
    /** Members, and townships, whose reports are looked for. */
    units: z.array(z.string().min(1)).default([...REPORTING]),
    /** A report may come so long after it fell due. */
    grace: duration('PT2H'),
  }),
  silent: section({ periods: count(3), at_least: duration('PT15M') }),
  signals: section({ retain_ended: duration('P30D') }),
  cap: section({
    /** Who the alerts are from, unique in the world: best a name of a domain that is ours. `.invalid` says that none was given. */
    sender: z
      .string()
      .regex(/^[^\s,<&]+$/, 'a name without blanks, commas, < and &')
      .default('lantian.invalid'),
    /** An alert whose evidence looks no further ahead expires so long after it was sent. */
    expires: duration('PT24H', 'PT1H'),
    /** Code of the sender at the national release platform; absent: the county's code and 41600000, as three other counties have theirs. */
    newis_sender: z
      .string()
      .regex(/^\d{14}$/, 'fourteen digits')
      .optional(),
  }),
  status: section({ every: duration('PT5M', 'PT1S') }),
});

/** The settings as the pipeline uses them: durations in milliseconds, and what the files hold that they name. */
export type Settings = z.infer<typeof settingsSchema> & {
  readonly warning_signals: { readonly provincial?: WarningEdition };
};
