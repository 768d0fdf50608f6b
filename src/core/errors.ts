// Every error a person can meet has a code here; docs/errors.md describes each, and a test compares the two both ways.

export const ERRORS = {
  usage: { exit: 2, says: 'the command line is wrong' },
  'config-invalid': { exit: 2, says: 'the configuration has mistakes' },
  'catalog-invalid': { exit: 2, says: 'the catalog of a county has mistakes' },
  'mapping-invalid': { exit: 2, says: 'a mapping of columns or registers has mistakes' },
  'file-unreadable': { exit: 2, says: 'a file that was named cannot be read' },
  'columns-missing': { exit: 2, says: 'a table does not have the columns it needs' },
  'port-taken': { exit: 2, says: 'another program listens on the address' },
  'data-unwritable': { exit: 2, says: 'the data folder cannot be written' },
  'data-in-use': { exit: 2, says: 'another lantian uses the data folder' },
  'data-newer': { exit: 2, says: 'the data folder was written by a newer lantian' },
  'data-simulated': { exit: 2, says: 'the data folder holds what a simulated county sent' },
  'data-damaged': { exit: 1, says: 'the database in the data folder has damaged pages' },
  'desk-full': { exit: 1, says: 'too much that was handed in waits for the pipeline' },
  'review-refused': { exit: 1, says: 'a review would change nothing' },
  'ledger-broken': { exit: 1, says: 'an entry of the ledger is missing, or is not as it was written' },
  'store-refused': { exit: 1, says: 'a store’s server says no' },
  'store-unreachable': { exit: 1, says: 'a store’s server does not answer' },
  'broker-refused': { exit: 1, says: 'the broker refused the connection' },
  'grafana-unreachable': { exit: 1, says: 'Grafana does not answer' },
  'grafana-refused': { exit: 1, says: 'Grafana refused what was asked of it' },
  'device-silent': { exit: 1, says: 'a device in the field does not answer' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a documented code. `details` are further lines, such as every mistake of a file. */
export class LantianError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, options: { details?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'LantianError';
    this.code = code;
    this.details = options.details ?? [];
  }

  get exit(): number {
    return ERRORS[this.code].exit;
  }
}

/** The text of anything thrown. */
export const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
