import { z } from 'zod';
import type { Aggregate, FeedDefinition, Payload, Quantity } from './definition.ts';
import { ordinaryForm } from './ordinary.ts';

/** One measured quantity: names, unit, plausible range (both ends included) and how it becomes an hour or a day. */
export const quantity = (
  zh: string,
  en: string,
  unit: string,
  least: number,
  most: number,
  aggregate: Aggregate = 'mean',
): Quantity => ({ name: { zh, en }, unit, least, most, aggregate });

/** A moment as it is sent: ISO 8601 text or epoch milliseconds; the decoder says whether it is one. */
export const moment = z.union([z.string(), z.number()]);

/** What the annex of 沁政办发〔2021〕19号 names without a number. */
export const phenomena = z.array(z.enum(['fog', 'sandstorm', 'haze', 'thunderstorm']));

const shapeOf = <T extends z.ZodType>(quantities: Readonly<Record<string, Quantity>>, member: T): Record<string, T> =>
  Object.fromEntries(Object.keys(quantities).map((key) => [key, member]));

/** HJ 212 flags are one letter (N F M S D C T B ...); networks also use short texts such as "HSp". */
const flagsOf = (quantities: Readonly<Record<string, Quantity>>) => {
  const form: z.ZodType = z.strictObject(shapeOf(quantities, z.string().min(1).max(16).optional()));
  // JSON has no undefined: a flag that is there is a text.
  return form as z.ZodType<Readonly<Record<string, string>>>;
};

/** What a feed's message has beside what every feed has. */
export type Extras = { readonly [name in keyof Payload]?: z.ZodType<Payload[name]> };

/** Strict at the top level, in `values` and in `flags`. It holds no transforms: Zod compiles plain objects to one function. */
const messageOf = (quantities: Readonly<Record<string, Quantity>>, extras: Extras) => {
  const form: z.ZodType = z.strictObject({
    time: moment,
    period: z.string().optional(),
    values: z.strictObject(shapeOf(quantities, z.number().nullable().optional())),
    flags: flagsOf(quantities).optional(),
    sequence: z.int().optional(),
    ...extras,
  });
  return form as z.ZodType<Payload>;
};

/**
 * The form of a feed's message: what every feed has, and the feed's own `extras` beside `values`.
 * @param wrongWith what is wrong with values that are right one by one
 */
export const formOf = (
  quantities: Readonly<Record<string, Quantity>>,
  extras: Extras,
  wrongWith?: (payload: Payload) => string | undefined,
): Pick<FeedDefinition, 'payload' | 'isOrdinary'> => {
  const form = messageOf(quantities, extras);
  const whole = form.superRefine((payload, context) => {
    const message = wrongWith?.(payload);
    if (message) context.addIssue({ code: 'custom', path: ['values'], message });
  });
  return { payload: wrongWith ? whole : form, isOrdinary: ordinaryForm(quantities, extras, wrongWith) };
};
