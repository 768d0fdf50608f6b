// Tokens by the command, beside a pipeline that runs: made, listed, revoked; what is on disk of them; and whom the API takes for whom.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { lantian, type Said, tableOf } from './support/command.ts';
import { type Child, lantianChild } from './support/lantian.ts';

let child: Child;
beforeAll(async () => {
  child = await lantianChild({ log: { level: 'error' } });
  await child.start();
}, 60_000);

const token = (...args: string[]): Promise<Said> => lantian('token', ...args, '--config', child.config);
const make = (name: string, role: string, unit?: string): Promise<Said> =>
  token('make', '--name', name, '--role', role, ...(unit === undefined ? [] : ['--unit', unit]));
const listed = async (name: string) => tableOf((await token('list')).stdout).find((row) => row['name'] === name);
/** Tokens as they are on disk. */
const rows = () =>
  child.rows<{ id: number; name: string; hash: string; revoked: number | null }>('lantian.db', 'SELECT * FROM token');

const me = async (authorization?: string) => {
  const answer = await fetch(`${child.http}/api/v1/me`, { headers: authorization ? { authorization } : {} });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('lantian token make', () => {
  it('prints the token alone, once; it speaks for its person and role, and for the unit of those that have one', async () => {
    const said = await make(' 李明 ', 'commander');
    expect(said).toMatchObject({ code: 0, stdout: expect.stringMatching(/^lantian_[\w-]{43}\n$/) });
    expect(said.stderr).toContain('李明 (commander)');
    expect(said.stderr).not.toContain(said.stdout.trim());
    const who = { status: 200, body: { name: '李明', role: 'commander', unit: null } };
    expect(await me(`Bearer ${said.stdout.trim()}`)).toEqual(who);
    expect(await me(`bearer  ${said.stdout.trim()}`)).toEqual(who);
    for (const [role, unit] of [
      ['township', 'guocun'],
      ['enterprise', 'brick-works-1'],
    ] as const) {
      const made = await make(`某${role}`, role, unit);
      expect((await me(`Bearer ${made.stdout.trim()}`)).body).toEqual({ name: `某${role}`, role, unit });
    }
  }, 60_000);

  it.each([
    ['a role that is none', ['mayor'], 'mayor'],
    ['a township without its unit', ['township'], 'guocun'],
    ['a township that is none', ['township', 'gocun'], 'did you mean "guocun"'],
    ['a township that is an enterprise', ['township', 'brick-works-1'], 'guocun'],
    ['an enterprise without its unit', ['enterprise'], 'huaan-coking'],
    ['an enterprise that is none', ['enterprise', 'brick-works-9'], 'brick-works-1'],
    ['an enterprise that is a station of one', ['enterprise', 'huaan-coking-chimney'], 'huaan-coking'],
    ['a unit for a role that has none', ['commander', 'guocun'], '--unit'],
  ] as const)('%s: 2, and nothing is made', async (_what, [role, unit], words) => {
    const before = rows();
    expect(await make('错', role, unit)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(words),
    });
    expect(rows()).toEqual(before);
  });

  it.each([' ', '一\t二', 'x'.repeat(65)])('the name %j, which is no short line: 2', async (name) => {
    expect(await make(name, 'viewer')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('on disk', () => {
  it('there is the hash alone: the token is in no file of the data folder and not in the list', async () => {
    const text = (await make('无痕', 'viewer')).stdout.trim();
    await me(`Bearer ${text}`);
    const [secret = '', folder] = [text.replace('lantian_', ''), join(child.folder, 'data')];
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name)));
    expect(found.length).toBeGreaterThan(1);
    expect(found.some((bytes) => bytes.includes('无痕'))).toBe(true);
    for (const bytes of found) expect(bytes.includes(secret)).toBe(false);
    expect((await token('list')).stdout).not.toContain(secret);
    expect(child.stderr() + child.stdout()).not.toContain(secret);
  }, 30_000);
});

describe('lantian token revoke', () => {
  it('ends a token at once while the pipeline runs, that one alone; the list says when', async () => {
    const [going, staying] = [await make('离任', 'viewer'), await make('留任', 'viewer')];
    const [gone, kept] = [`Bearer ${going.stdout.trim()}`, `Bearer ${staying.stdout.trim()}`];
    expect((await me(gone)).status).toBe(200);
    const { id, made, revoked } = (await listed('离任'))!;
    expect(revoked).toBe('');
    expect(Math.abs(Date.parse(made!) - Date.now())).toBeLessThan(60_000);
    expect(await token('revoke', id!)).toMatchObject({ code: 0, stdout: '' });
    expect(await me(gone)).toMatchObject({ status: 401, body: { error: 'bad-token' } });
    expect((await me(kept)).body).toMatchObject({ name: '留任' });
    const table = tableOf((await token('list')).stdout);
    const of = (name: string) => table.find((row) => row['name'] === name)!['revoked']!;
    expect(Date.parse(of('离任'))).toBeGreaterThanOrEqual(Date.parse(made!));
    expect(of('留任')).toBe('');
    expect(await token('revoke', id!)).toMatchObject({ code: 2 });
  }, 60_000);

  it.each(['0', '999', '-1', '1.0'])('%s, which is no token in use: 2', async (id) => {
    const before = rows();
    expect(await token('revoke', id)).toMatchObject({ code: 2, stdout: '' });
    expect(rows()).toEqual(before);
  });
});

describe('GET /api/v1/me', () => {
  it('without a token it is no one; with what is no token in use it is refused', async () => {
    expect(await me()).toEqual({ status: 200, body: { name: null, role: null, unit: null } });
    const text = (await make('某人', 'viewer')).stdout.trim();
    const { hash } = rows().find(({ name }) => name === '某人')!;
    const wrong = ['Bearer', 'Bearer ', `Bearer ${text}x`, `Bearer ${text.slice(0, -1)}`, `Basic ${text}`, text];
    for (const authorization of [...wrong, `Bearer ${hash}`, `Bearer ${text} ${text}`]) {
      const answer = await me(authorization);
      expect({ authorization, status: answer.status }).toEqual({ authorization, status: 401 });
      expect(answer.body).toMatchObject({ error: 'bad-token', message_zh: expect.stringContaining('令牌') });
    }
  });
});
