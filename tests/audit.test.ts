// `lantian audit` on a data folder, and the ends of a chain: what is missing there, what stands behind it, and what damage to the disk leaves.
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openWhole } from '../src/core/salvage.ts';
import { openDatabase } from '../src/core/sqlite.ts';
import { meetVersion } from '../src/core/version.ts';
import { createLedger, type Entry, type LedgerRow } from '../src/signals/ledger.ts';
import { lantian, linesOf } from './support/command.ts';
import { tempFolder } from './support/servers.ts';

const entry = (i: number): Entry => ({
  at: new Date(Date.UTC(2026, 0, 10, i)).toISOString(),
  signal: '140430/weather-response/cold-wave/2026-01-10T00:00:00Z',
  version: i,
  kind: 'weather-response',
  subject: 'cold-wave',
  step: 'report',
  level: i === 2 ? null : 'IV',
  state: 'active',
  person: '王芳',
  role: 'township',
  unit: 'guocun',
  reason: `无灾情，第 ${i} 次 "no damage"\n`,
  evidence: [{ station: 'guocun', quantity: 'temperature_min_drop', value: 10.5 + i, unit: '℃', from: 'a', to: 'b' }],
  lacking: ['forecast zone 48 h'],
});

const SIX = 6;

const filled = (count = SIX, database = new DatabaseSync(':memory:')) => {
  const ledger = createLedger(database);
  database.exec('BEGIN');
  const rows = Array.from({ length: count }, (_, i) => ledger.append(entry(i + 1)));
  database.exec('COMMIT');
  return { database, ledger, rows };
};

/** The hash worked out a second time, from an entry as it is printed. */
const hashOf = (row: LedgerRow): string => {
  const { seq, at, signal, version, kind, subject, step, level, state, person, role, unit, reason, previous } = row;
  const texts = [JSON.stringify(row.evidence), JSON.stringify(row.lacking)];
  const cells = [seq, at, signal, version, kind, subject, step, level, state, person, role, unit, reason, ...texts];
  return createHash('sha256')
    .update(JSON.stringify([...cells, previous]))
    .digest('hex');
};

/** The entry at which a chain that was printed breaks; 0: it is whole. */
const brokenAt = (rows: readonly LedgerRow[]): number => {
  let before = '0'.repeat(64);
  for (const [i, row] of rows.entries()) {
    if (row.seq !== i + 1 || row.previous !== before || row.hash !== hashOf(row)) return i + 1;
    before = row.hash;
  }
  return 0;
};

describe('the end of the chain', () => {
  it('an empty ledger is whole; an entry that was rolled back leaves no trace', () => {
    expect(filled(0).ledger.audit()).toEqual({ rows: 0, head: '0'.repeat(64) });
    const { database, ledger, rows } = filled();
    database.exec('BEGIN');
    ledger.append(entry(7));
    database.exec('ROLLBACK');
    expect(ledger.audit()).toEqual({ rows: SIX, head: rows.at(-1)!.hash });
    expect(ledger.append(entry(8))).toMatchObject({ seq: 7, previous: rows.at(-1)!.hash });
    expect(ledger.audit().broken).toBeUndefined();
  });

  it('a hash that was noted is found wherever it stands', () => {
    const { ledger, rows } = filled();
    for (const { hash } of rows) expect(ledger.audit(hash)).toMatchObject({ rows: SIX, found: true });
    expect(ledger.audit()).not.toHaveProperty('found');
  });

  const APART = 'UPDATE ledger SET seq = seq + 100 WHERE seq > 3; UPDATE ledger SET seq = seq - 99 WHERE seq > 100';
  const copyAs4 = (
    reason: string,
  ): string => `INSERT INTO ledger SELECT 4, at, signal, version, kind, subject, step, level, state,
    person, role, unit, ${reason}, evidence, lacking, previous, hash FROM ledger WHERE seq = 3`;

  it.each([
    [
      'one removed and the numbers closed up',
      'DELETE FROM ledger WHERE seq = 3; UPDATE ledger SET seq = seq - 1 WHERE seq > 3',
      3,
    ],
    ['one put in', `${APART}; ${copyAs4("'有灾情'")}`, 4],
    ['one put in twice', `${APART}; ${copyAs4('reason')}`, 4],
    ['the same evidence in other words', "UPDATE ledger SET evidence = evidence || ' ' WHERE seq = 3", 3],
    ['a level taken away', 'UPDATE ledger SET level = NULL WHERE seq = 3', 3],
    ['what was noted of the end removed', "DELETE FROM state WHERE name = 'ledger_head'", 1],
  ])('%s: the first entry that is broken is named', (_what, sql, at) => {
    const { database, ledger } = filled();
    database.exec(sql);
    expect(ledger.audit().broken).toMatchObject({ seq: at, why: expect.stringMatching(/[\u4e00-\u9fff].*[a-z]{3}/) });
  });

  it('an entry behind the noted end is named, also where it follows the chain', () => {
    const { database, ledger } = filled();
    const noted = database.prepare("SELECT value FROM state WHERE name = 'ledger_head'").get()!['value']!;
    ledger.append(entry(7));
    database.prepare("UPDATE state SET value = ? WHERE name = 'ledger_head'").run(noted);
    expect(ledger.audit().broken).toMatchObject({ seq: 7, why: expect.stringContaining('stands behind') });
  });

  it('a last entry written anew, with a hash that fits, is not the one that was noted', () => {
    const { database, ledger, rows } = filled();
    const forged = { ...rows.at(-1)!, reason: '有灾情' };
    database.prepare('UPDATE ledger SET reason = ?, hash = ? WHERE seq = 6').run(forged.reason, hashOf(forged));
    expect(brokenAt(ledger.newest(SIX).reverse())).toBe(0);
    expect(ledger.audit().broken).toMatchObject({ seq: 6, why: expect.stringContaining('is not the end') });
  });
});

/** A data folder with a ledger, and a configuration that names it. */
const folderWith = (count: number) => {
  const folder = tempFolder('ledger');
  const config = join(folder, 'lantian.yaml');
  const file = join(folder, 'data', 'lantian.db');
  writeFileSync(config, JSON.stringify({ data: { folder: join(folder, 'data') } }));
  const database = openDatabase(file, (aside) => expect.fail(`set aside: ${aside}`));
  meetVersion(database, file);
  const { rows } = filled(count, database);
  const audit = (...args: string[]) => lantian('audit', '--config', config, ...args);
  return { config, file, database, rows, audit };
};

const printed = (text: string): LedgerRow[] => linesOf(text).map((line) => JSON.parse(line) as LedgerRow);

describe('lantian audit', () => {
  it('whole: 0, the number of entries and the last hash; with --print each entry, the oldest first', async () => {
    const { audit, rows } = folderWith(1_234);
    const head = rows.at(-1)!.hash;
    const whole = await audit();
    expect(whole).toMatchObject({ code: 0, stdout: `1234\t${head}\n` });
    expect(whole.stderr).toContain('共 1234 条 the ledger is whole, 1234 entries');
    const all = await audit('--print');
    expect(all).toMatchObject({ code: 0, stderr: expect.stringContaining(head) });
    expect(printed(all.stdout)).toEqual(rows);
    expect(brokenAt(printed(all.stdout))).toBe(0);
    expect((await audit('--noted', rows[700]!.hash.toUpperCase())).code).toBe(0);
    const other = await audit('--noted', 'a'.repeat(64));
    expect(other).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('the chain does not hold aaaa'),
    });
  }, 60_000);

  it('broken: 1 and the first entry that is; --print shows all the same, and the chain printed breaks there', async () => {
    const { audit, database } = folderWith(SIX);
    database.exec("UPDATE ledger SET reason = '有灾情' WHERE seq IN (4, 5)");
    const { code, stdout, stderr } = await audit();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('ledger-broken');
    expect(stderr).toContain('第 4 条 entry 4: 内容被改动 is not as it was written');
    const all = await audit('--print');
    expect(all.code).toBe(1);
    expect(printed(all.stdout)).toHaveLength(SIX);
    expect(brokenAt(printed(all.stdout))).toBe(4);
  }, 60_000);

  it.each([
    ['a hash that is none', ['--noted', 'abc'], '64'],
    ['no such option', ['--loud'], '--loud'],
  ])('%s: 2', async (_what, args, words) => {
    const { audit } = folderWith(1);
    expect(await audit(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) });
  });

  it('a folder where nothing has run: 2', async () => {
    const folder = tempFolder('ledger');
    const config = join(folder, 'lantian.yaml');
    writeFileSync(config, JSON.stringify({ data: { folder: join(folder, 'none') } }));
    const said = await lantian('audit', '--config', config);
    expect(said).toMatchObject({ code: 2, stderr: expect.stringContaining('file-unreadable') });
  });
});

it('a damaged page costs its entries alone: the gap is named, and what comes later follows the last one', async () => {
  const { file, database, rows, audit } = folderWith(500);
  const pages = database.prepare("SELECT pageno AS page FROM dbstat WHERE name = 'ledger' AND pagetype = 'leaf'").all();
  database.close();
  const page = Number(pages[Math.floor(pages.length / 2)]!['page']);
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, (page - 1) * 4096);
  closeSync(handle);
  const told: string[] = [];
  const mended = openWhole(file, (_aside, why) => told.push(why));
  expect(told.join('\n')).toContain('table ledger is readable in part only');
  const ledger = createLedger(mended);
  const kept = new Set(ledger.newest(500).map(({ seq }) => seq));
  const gap = rows.find(({ seq }) => !kept.has(seq))!.seq;
  expect(kept.size).toBeGreaterThan(400);
  expect(kept).toContain(500);
  expect(ledger.append(entry(501))).toMatchObject({ seq: 501, previous: rows.at(-1)!.hash });
  expect(ledger.audit()).toMatchObject({ rows: gap - 1, broken: { seq: gap } });
  mended.close();
  const said = await audit();
  expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining(`entry ${gap}: 缺失 is missing`) });
}, 60_000);
