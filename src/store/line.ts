import type { FieldValue, Point } from '../core/types.ts';
import { fieldType } from './series.ts';

// InfluxDB's line protocol, for points that `mistakeOf` has passed.

const escapeName = (text: string): string => (/[ ,=]/.test(text) ? text.replace(/[ ,=]/g, '\\$&') : text);
const escapeString = (text: string): string => (/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text);

/** A field's value as the line protocol writes its type: 1 for a float, 1i, true, "text". */
export const fieldText = (measurement: string, field: string, value: FieldValue): string => {
  if (typeof value === 'string') return `"${escapeString(value)}"`;
  return fieldType(measurement, field, value) === 'int' ? `${value}i` : String(value);
};

/** One line, its time in milliseconds. */
export const lineOf = ({ measurement, tags, time, fields }: Point): string => {
  let line = escapeName(measurement);
  for (const name in tags) line += `,${escapeName(name)}=${escapeName(tags[name]!)}`;
  let separator = ' ';
  for (const name in fields) {
    line += `${separator}${escapeName(name)}=${fieldText(measurement, name, fields[name]!)}`;
    separator = ',';
  }
  return `${line} ${time}`;
};
