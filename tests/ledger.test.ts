// The ledger's chain, worked out a second time, and everything that may be done to it behind its back.
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { createLedger, type Entry, type Ledger, type LedgerRow } from '../src/signals/ledger.ts';

const entry = (step: string, more: Partial<Entry> = {}): Entry => ({
  at: '2026-07-20T02:00:00Z',
  signal: '140430/weather-response/rainstorm/2026-07-20T00:00:00Z',
  version: 1,
  kind: 'weather-response',
  subject: 'rainstorm',
  step,
  level: 'IV',
  state: 'proposed',
  person: '李明',
  role: 'commander',
  unit: '',
  reason: '会商，“一致”同意',
  evidence: [{ station: 'guocun', quantity: 'rain_24h', value: 50.5, unit: 'mm', from: 'a', to: 'b' }],
  lacking: ['forecast guxian'],
  ...more,
});

let database: DatabaseSync;
let ledger: Ledger;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  ledger = createLedger(database);
  for (const step of ['threshold', 'agree', 'sign', 'report', 'lift']) ledger.append(entry(step));
});

/** As docs/people.md has it. */
const chained = (rows: readonly LedgerRow[]): boolean => {
  let previous = '0'.repeat(64);
  return rows.every((row) => {
    const { seq, at, signal, version, kind, subject, step, level, state, person, role, unit, reason } = row;
    const texts = [JSON.stringify(row.evidence), JSON.stringify(row.lacking), previous];
    const cells = [seq, at, signal, version, kind, subject, step, level, state, person, role, unit, reason, ...texts];
    const hash = createHash('sha256').update(JSON.stringify(cells)).digest('hex');
    const whole = row.hash === hash && row.previous === previous;
    previous = row.hash;
    return whole;
  });
};

describe('the chain', () => {
  it('is what the documentation says, and whole', () => {
    const rows = ledger.newest(100).reverse();
    expect(chained(rows)).toBe(true);
    expect(ledger.audit()).toEqual({ rows: 5, head: rows[4]!.hash });
    expect(createLedger(database).audit()).toMatchObject({ rows: 5 });
  });

  it('goes on over an empty text, no level and any sign of the alphabet', () => {
    ledger.append(
      entry('judge', { level: null, reason: '', lacking: [], evidence: [], person: "O'Brien \u0000 \u{1F327}" }),
    );
    expect(ledger.audit()).toMatchObject({ rows: 6 });
    expect(chained(ledger.newest(100).reverse())).toBe(true);
  });

  it('holds a hash that was noted, and no other', () => {
    const noted = ledger.newest(1)[0]!.hash;
    ledger.append(entry('agree'));
    expect(ledger.audit(noted).found).toBe(true);
    expect(ledger.audit('ab'.repeat(32)).found).toBe(false);
  });
});

const COLUMNS = [
  ...['at', 'signal', 'version', 'kind', 'subject', 'step', 'level', 'state', 'person', 'role', 'unit', 'reason'],
  ...['evidence', 'lacking', 'previous', 'hash'],
];

describe('what is done to it behind its back is found', () => {
  test.each(COLUMNS)('another %s', (column) => {
    const value = column === 'version' ? '7' : column === 'evidence' || column === 'lacking' ? "'[]'" : "'x'";
    database.exec(`UPDATE ledger SET ${column} = ${value} WHERE seq = 3`);
    expect(ledger.audit().broken?.seq).toBe(3);
  });

  test.each([
    ['a row taken out', 'DELETE FROM ledger WHERE seq = 3', 3],
    ['the first', 'DELETE FROM ledger WHERE seq = 1', 1],
    ['the last', 'DELETE FROM ledger WHERE seq = 5', 5],
    ['the last two', 'DELETE FROM ledger WHERE seq > 3', 4],
    ['all of them', 'DELETE FROM ledger', 1],
    [
      'a row put in',
      `INSERT INTO ledger SELECT 6, at, signal, version, kind, subject, step, level, state, person, role, unit, reason, evidence, lacking,
         hash, hash FROM ledger WHERE seq = 5`,
      6,
    ],
    [
      'two rows that changed places',
      'UPDATE ledger SET seq = -seq WHERE seq IN (2, 3); UPDATE ledger SET seq = 5 + seq WHERE seq < 0',
      2,
    ],
  ])('%s', (_, sql, seq) => {
    database.exec(sql);
    expect(ledger.audit().broken?.seq).toBe(seq);
  });

  it('a chain made anew from the third on is whole by itself, and not the one whose hash was noted', () => {
    const noted = ledger.newest(1)[0]!.hash;
    database.exec("DELETE FROM ledger WHERE seq > 2; DELETE FROM state WHERE name = 'ledger_head'");
    for (const step of ['sign', 'report', 'lift']) ledger.append(entry(step, { person: '冒名' }));
    expect(ledger.audit(noted)).toMatchObject({ rows: 5, found: false });
    expect(ledger.audit(noted).broken).toBeUndefined();
  });

  it('rows lost to damage stay a gap: what comes after does not close it', () => {
    database.exec('DELETE FROM ledger WHERE seq > 3');
    ledger.append(entry('lift'));
    expect(ledger.audit().broken).toEqual({ seq: 4, why: '缺失 is missing' });
  });
});

it('tells when each unit last reported on a signal', () => {
  ledger.append(entry('report', { unit: 'transport', at: '2026-07-20T05:00:00Z' }));
  ledger.append(entry('report', { unit: 'transport', at: '2026-07-21T05:00:00Z' }));
  ledger.append(entry('report', { unit: 'power', signal: 'another' }));
  expect(ledger.reports(entry('').signal)).toEqual(
    new Map([
      ['', Date.parse('2026-07-20T02:00:00Z')],
      ['transport', Date.parse('2026-07-21T05:00:00Z')],
    ]),
  );
});
