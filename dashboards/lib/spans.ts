// Spans of time other than the one chosen at the top: a month's figure stands at the month's first day, far outside of the last 24 hours.
// They end where the chosen one ends, so that a look at last summer shows last summer's.

const FROM = '$' + '{__from}ms';
const TO = '$' + '{__to}ms';

/** Rows of a while before the end of the chosen time, as InfluxQL has durations: `lately('3h')`. */
export const lately = (length: string): string => `time > ${TO} - ${length} AND time <= ${TO}`;

/** Rows of the chosen time, and of a while before it: a state holds from before. */
export const since = (length: string): string => `time > ${FROM} - ${length} AND time <= ${TO}`;
