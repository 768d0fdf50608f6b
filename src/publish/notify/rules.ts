import { z } from 'zod';
import { resolveSecrets } from '../../config/environment.ts';
import { count, duration, flag, section } from '../../config/schema.ts';
import { howMany, inOrder, mistake, mistakesOf, type Path, pathText, readYamlFile } from '../../config/yaml.ts';
import type { Catalog } from '../../core/catalog.ts';
import { LantianError } from '../../core/errors.ts';
import { HOUR, MINUTE, SECOND } from '../../core/time.ts';
import { rules as thresholds } from '../../thresholds/index.ts';

// Who is told of what, by which channel: a file of the county's own. flows/notify.example.yaml is one that holds.

const KINDS = [...new Set(thresholds.map(({ kind }) => kind))];
export const LEVELS = ['I', 'II', 'III', 'IV', 'red', 'orange', 'yellow', 'blue'] as const;
export const STATES = ['proposed', 'agreed', 'active', 'lift-proposed', 'lifted', 'lapsed'] as const;

/** `22:00` in Beijing time, seconds where they matter, as milliseconds of the day. */
const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, 'a time of the day such as 22:00, in quotes')
  .transform((text) => {
    const [hours, minutes, seconds = 0] = text.split(':').map(Number) as [number, number, number?];
    return hours * HOUR + minutes * MINUTE + seconds * SECOND;
  });

const url = z.string().regex(/^https?:\/\/\S+$/, 'an address such as https://example.cn/robot?key=…');
const address = z.string().regex(/^[^\s@<>,]+@[^\s@<>,]+$/, 'an address such as duty@example.cn');
const some = <T extends z.ZodType>(of: T) => z.array(of).min(1, 'at least one');

/** What every channel has; `per_minute`: most messages begun in a minute. */
const any = (most: number) => ({
  /** false: never held by the quiet hours. */
  quiet: flag(true),
  /** false: told once, not again until someone acknowledges. */
  resend: flag(true),
  per_minute: count(most),
});
/** The robots of groups take 20 messages in any minute: ten in each is never more. */
const robot = { ...any(10), url };

const channel = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('email'), ...any(60), to: some(address), from: address }),
  z.strictObject({ type: z.literal('dingtalk'), ...robot, secret: z.string().min(1).optional() }),
  z.strictObject({ type: z.literal('wecom'), ...robot }),
  z.strictObject({ type: z.literal('feishu'), ...robot, secret: z.string().min(1).optional() }),
  z.strictObject({
    type: z.literal('sms'),
    ...any(60),
    url,
    to: some(z.string().regex(/^\+?\d{5,15}$/, 'a telephone number in quotes')),
    headers: z.record(z.string(), z.string()).default({}),
    /** Sent as JSON; `{to}` (numbers, joined by commas) and `{text}` are put in. */
    body: z.record(z.string(), z.unknown()).default({ to: '{to}', text: '{text}' }),
    /** What the gateway answers when it took the message; absent: any 2xx. */
    success: z.strictObject({ field: z.string().min(1), is: z.string() }).optional(),
  }),
  z.strictObject({
    type: z.literal('siren'),
    ...any(60),
    topic: z.string().regex(/^[^+#\s]+$/, 'a topic without + and #'),
  }),
]);

const route = z.strictObject({
  kinds: some(z.enum(KINDS as [string, ...string[]])).optional(),
  levels: some(z.enum(LEVELS)).optional(),
  states: some(z.enum(STATES)).optional(),
  townships: some(z.string()).optional(),
  to: some(z.string()),
});

const rulesSchema = z.strictObject({
  language: z.enum(['zh', 'zh+en']).default('zh+en'),
  /** What had changed longer ago than this when notifying began is known, and is no news. */
  news: duration('PT24H'),
  /** Whether it is news that other things are lacking, at the same level and state. */
  lacking: flag(false),
  quiet: z.strictObject({ from: clock, to: clock }).optional(),
  resend: section({ every: duration('PT15M', 'PT1S') }),
  retry: section({
    first: duration('PT10S', 'PT1S'),
    most: duration('PT10M', 'PT1S'),
    patience: duration('PT1M', 'PT1S'),
  }),
  channels: z.record(z.string().regex(/^[a-z0-9-]+$/, 'a channel is small letters a-z, digits and hyphens'), channel),
  routes: some(route),
});

export type Rules = z.infer<typeof rulesSchema>;
export type Channel = z.infer<typeof channel>;
export type ChannelType = Channel['type'];
export type Route = z.infer<typeof route>;
export type Level = (typeof LEVELS)[number];

/** Mistakes that the form alone does not find. */
const meaningMistakes = ({ channels, routes }: Rules, catalog: Catalog, at: (path: Path) => string): string[] => {
  const known = new Set(catalog.townships.map(({ id }) => id));
  const named = new Set(routes.flatMap(({ to }) => to));
  const wrong = (path: Path, message: string): string => mistake(at(path), path, message);
  const inRoutes = routes.flatMap(({ to, townships = [] }, n) => [
    ...to.flatMap((name, i) =>
      name in channels ? [] : [wrong(['routes', n, 'to', i], `there is no channel ${name}`)],
    ),
    ...townships.flatMap((id, i) =>
      known.has(id) ? [] : [wrong(['routes', n, 'townships', i], `the catalog has no township ${id}`)],
    ),
  ]);
  const unused = Object.keys(channels).filter((name) => !named.has(name));
  return [...inRoutes, ...unused.map((name) => wrong(['channels', name], 'no route leads to this channel'))];
};

const refuse = (file: string, found: readonly string[]): never => {
  const details = inOrder(found);
  throw new LantianError('config-invalid', `${howMany(details)} in ${file}`, { details });
};

/**
 * Read a file of rules; YAML or JSON. `${file:…}` and `${env:…}` hold its secrets.
 * @throws LantianError config-invalid, its details every mistake as `file:line:col path: message`
 */
export const readRules = (file: string, catalog: Catalog, env: NodeJS.ProcessEnv): Rules => {
  const source = readYamlFile(file);
  const mistakes = [...source.mistakes];
  if (mistakes.length > 0) return refuse(file, mistakes);
  const secretless = new Set<string>();
  const given = resolveSecrets(source.data, env, (path, message) => {
    secretless.add(pathText(path));
    mistakes.push(mistake(source.at(path), path, message));
  });
  const checked = rulesSchema.safeParse(given);
  const issues = checked.error?.issues.filter(({ path }) => !secretless.has(pathText(path))) ?? [];
  mistakes.push(...mistakesOf({ issues }, rulesSchema, source.at));
  if (checked.success) mistakes.push(...meaningMistakes(checked.data, catalog, source.at));
  return checked.success && mistakes.length === 0 ? checked.data : refuse(file, mistakes);
};
