import { z } from 'zod';
import { feeds } from '../../sensors/feeds/index.ts';
import type { FeedSchedule, Station } from '../core/catalog.ts';
import { DAY, parseDuration } from '../core/time.ts';
import { FEEDS } from '../core/types.ts';
import { AQI_ITEMS } from '../standards/hj633.ts';
import { MARKABLE } from '../standards/marking-rules-2022.ts';

// The form of the files in a county's folder. What one file says of another (a township, an id used twice) is catalog.ts's.

/** Words that topics and series already use beside stations. */
const RESERVED = ['county', 'signal'];

/** An id stands in topics, tags and addresses: small ASCII letters, digits and hyphens. */
const id = z
  .string()
  .regex(/^[a-z0-9-]+$/, 'an id is small letters a-z, digits and hyphens')
  .refine((text) => !RESERVED.includes(text), `an id cannot be ${RESERVED.join(' or ')}`);

const name = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

/** Longest month, and so the longest wait for the next of a monthly reading. */
const MONTH_INTERVAL = 31 * DAY;

const interpret = (period: string, interval: string | undefined): FeedSchedule | { wrong: string; at: string } => {
  const span = period === 'P1M' ? 'month' : parseDuration(period);
  if (span === undefined) return { wrong: 'not an ISO 8601 duration such as PT1H, nor P1M', at: 'period' };
  if (span === 0 && interval === undefined)
    return { wrong: 'an instant (period PT0S) needs an interval such as PT4H', at: 'period' };
  const every = interval === undefined ? (span === 'month' ? MONTH_INTERVAL : span) : parseDuration(interval);
  if (every === undefined) return { wrong: 'not an ISO 8601 duration such as PT4H', at: 'interval' };
  if (every === 0) return { wrong: 'an interval is longer than nothing', at: 'interval' };
  return { period: span, interval: every };
};

/** `{ period: PT5M }`, `{ period: PT0S, interval: PT4H }` or `{ period: P1M }`. */
const schedule = z
  .strictObject({ period: z.string(), interval: z.string().optional() })
  .transform(({ period, interval }, context): FeedSchedule => {
    const found = interpret(period, interval);
    if (!('wrong' in found)) return found;
    context.addIssue({ code: 'custom', path: [found.at], message: found.wrong });
    return z.NEVER;
  });

// A forecast is addressed to a township, so no station reports one.
const reported = FEEDS.filter((feed) => feed !== 'forecast');
const schedules = z
  .strictObject(Object.fromEntries(reported.map((feed) => [feed, schedule.exactOptional()])))
  .check(({ value, issues }) => {
    // A misspelt feed has been told already.
    if (Object.keys(value).length === 0 && issues.length === 0)
      issues.push({ code: 'custom', input: value, message: 'a station reports at least one feed' });
  });

/** Permits limit concentrations only. */
const limited = Object.entries(feeds.emission.quantities).filter(([, { unit }]) => unit === 'mg/m³');
const limits = z.strictObject(Object.fromEntries(limited.map(([key]) => [key, z.number().positive().exactOptional()])));

/** Whether the marking rules hold for a plant, and for which states, is its trade's or a local decision. */
const exemptStatuses = z.array(z.enum(MARKABLE));

const outletShape = {
  id,
  name,
  township: z.string().exactOptional(),
  feeds: schedules,
  active: z.boolean().default(true),
  assessed: z.boolean().default(false),
  example: z.boolean().default(false),
  longitude: z.number().min(-180).max(180).exactOptional(),
  latitude: z.number().min(-90).max(90).exactOptional(),
  // At 21 % the conversion divides by nothing.
  reference_oxygen: z.number().min(0).lt(21).exactOptional(),
  limits: limits.exactOptional(),
  monitored: z.array(z.enum(limited.map(([key]) => key))).exactOptional(),
  exempt_statuses: exemptStatuses.exactOptional(),
};

const stationShape = {
  ...outletShape,
  target: z.enum(['I', 'II', 'III', 'IV', 'V']).exactOptional(),
  water_body: z.enum(['river', 'lake']).exactOptional(),
  not_monitored: z.array(z.enum(AQI_ITEMS)).exactOptional(),
  enterprise: z.string().exactOptional(),
};

type Given = z.infer<z.ZodObject<typeof stationShape>>;

const misplaced = (given: Given): [keyof Given, string][] => {
  const found: [keyof Given, string][] = [];
  const emits = given.feeds['emission'] !== undefined;
  for (const key of ['target', 'water_body'] as const)
    if (given[key] !== undefined && !given.feeds['water'])
      found.push([key, 'only a station with the feed water has one']);
  if (given.not_monitored !== undefined && !given.feeds['air'])
    found.push(['not_monitored', 'only a station with the feed air has one']);
  for (const key of ['limits', 'monitored', 'reference_oxygen', 'exempt_statuses'] as const)
    if (given[key] !== undefined && !emits) found.push([key, 'only a station with the feed emission has one']);
  if (given.longitude !== undefined && given.latitude === undefined) found.push(['longitude', 'latitude is missing']);
  if (given.latitude !== undefined && given.longitude === undefined) found.push(['latitude', 'longitude is missing']);
  return found;
};

const toStation = ({ water_body, reference_oxygen, not_monitored, exempt_statuses, ...rest }: Given): Station => ({
  ...rest,
  // Unless it says otherwise, an outlet measures what its permit limits.
  ...(rest.limits === undefined ? {} : { monitored: rest.monitored ?? Object.keys(rest.limits) }),
  ...(exempt_statuses === undefined ? {} : { exemptStatuses: exempt_statuses }),
  ...(not_monitored === undefined ? {} : { notMonitored: not_monitored }),
  ...(water_body === undefined ? {} : { waterBody: water_body }),
  ...(reference_oxygen === undefined ? {} : { referenceOxygen: reference_oxygen }),
});

const checkPlaces = (given: Given, context: z.RefinementCtx): void => {
  for (const [key, message] of misplaced(given)) context.addIssue({ code: 'custom', path: [key], message });
};

const checkOwner = (given: Given, context: z.RefinementCtx): void => {
  if (given.feeds['emission'] && given.enterprise === undefined)
    context.addIssue({ code: 'custom', path: ['enterprise'], message: 'a station with the feed emission needs one' });
};

const station = z.strictObject(stationShape).superRefine(checkPlaces).superRefine(checkOwner).transform(toStation);
const outlet = z.strictObject(outletShape).superRefine(checkPlaces).transform(toStation);

const enterprise = z.strictObject({
  id,
  name,
  township: z.string().exactOptional(),
  example: z.boolean().default(false),
  exempt_statuses: exemptStatuses.exactOptional(),
  outlets: z.array(outlet).default([]),
});

const hazardPoint = z.strictObject({
  no: z.int().min(1),
  name: z.string().min(1),
  township: z.string(),
  type: z.enum(['rockfall', 'landslide']),
  size: z.enum(['small', 'medium', 'large']),
});

/** county.yaml */
export const countySchema = z.strictObject({
  county: z.strictObject({ code: z.string().regex(/^\d{6}$/, 'six digits in quotes, as in GB/T 2260'), name }),
  files: z.array(z.string().regex(/^[^/\\]+\.yaml$/, 'a .yaml file of this folder')),
  townships: z.array(z.strictObject({ id, name, kind: z.enum(['township', 'zone']) })).min(1),
});

/** 沙尘天: a day that the bureau or the network has named as one; who did stands beside it. */
const dustDay = z.strictObject({
  date: z.iso.date('a date such as 2026-04-11'),
  named_by: z.string().min(1).exactOptional(),
});

/** Every other file: each may hold any of the four. */
export const placesSchema = z.strictObject({
  stations: z.array(station).default([]),
  enterprises: z.array(enterprise).default([]),
  hazard_points: z.array(hazardPoint).default([]),
  dust_days: z.array(dustDay).default([]),
});
