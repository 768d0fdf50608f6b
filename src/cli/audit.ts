import { LantianError } from '../core/errors.ts';
import { createLedger, type Ledger, type LedgerRow } from '../signals/ledger.ts';
import { settingsOf, withDatabase } from './desk.ts';

interface Wish {
  readonly config?: string;
  readonly noted?: string;
  readonly print?: boolean;
}

const PAGE = 1_000;

/** All entries from the newest to the oldest are had by pages; the oldest is printed first. */
const printAll = (ledger: Ledger): void => {
  const pages: LedgerRow[][] = [];
  for (let before: number | undefined; ; ) {
    const page = ledger.newest(PAGE, before);
    if (page.length === 0) break;
    pages.push(page.reverse());
    before = page[0]!.seq;
  }
  for (const row of pages.reverse().flat()) process.stdout.write(`${JSON.stringify(row)}\n`);
};

/**
 * `lantian audit`
 * @throws LantianError usage, ledger-broken
 */
export const audit = ({ config, noted, print }: Wish): Promise<number> => {
  const hash = noted?.trim().toLowerCase();
  if (hash !== undefined && !/^[0-9a-f]{64}$/.test(hash))
    throw new LantianError('usage', '--noted 须为 64 位十六进制 is a hash of 64 hexadecimal digits');
  return withDatabase(settingsOf(config), ({ database }) => {
    const ledger = createLedger(database);
    // Of one instant, as the pipeline may be writing.
    database.exec('BEGIN');
    const { rows, head, broken, found } = ledger.audit(hash);
    if (print) printAll(ledger);
    database.exec('COMMIT');
    if (broken !== undefined)
      throw new LantianError('ledger-broken', `第 ${broken.seq} 条 entry ${broken.seq}: ${broken.why}`);
    if (found === false) throw new LantianError('ledger-broken', `链中没有该散列 the chain does not hold ${hash}`);
    if (!print) process.stdout.write(`${rows}\t${head}\n`);
    process.stderr.write(`lantian: 台账完整，共 ${rows} 条 the ledger is whole, ${rows} entries; ${head}\n`);
    return 0;
  });
};
