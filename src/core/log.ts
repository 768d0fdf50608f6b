import { pino } from 'pino';

/** What the rooms need of a logger; pino fits, and so does any object with these. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** JSON lines on stderr: data goes to stdout, messages to stderr. */
export const createLog = (level: string): Log => pino({ level }, pino.destination({ dest: 2, sync: true }));

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
