// bin/with-install.mjs and bin/lantian.mjs in a folder of their own: real processes, and npm where it must not be needed is not there.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const project = join(import.meta.dirname, '..');
let root: string;

const write = (file: string, content: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
};

const lockWith = (packages: object): string =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } });
const PART = { version: '1.0.0', integrity: 'sha512-a' };
const FOREIGN = { version: '1.0.0', integrity: 'sha512-b', optional: true, os: ['aix'] };

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'lantian-bootstrap-')));
  cpSync(join(project, 'bin'), join(root, 'bin'), { recursive: true });
  write('package-lock.json', lockWith({ 'node_modules/part': PART, 'node_modules/foreign': FOREIGN }));
  write('node_modules/.package-lock.json', lockWith({ 'node_modules/part': PART }));
  write('node_modules/part/package.json', '{}');
  mkdirSync(join(root, 'node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, join(root, 'node_modules/node/bin/node'));
});

afterEach(() => rmSync(root, { recursive: true }));

/** An environment whose path holds Node, a shell's tools and whatever npm a test put into `tools`. */
const environment = (): NodeJS.ProcessEnv => ({ PATH: join(root, 'tools') });

const withInstall = (...args: string[]) =>
  spawnSync(process.execPath, ['bin/with-install.mjs', ...args], { cwd: root, encoding: 'utf8', env: environment() });

/** An npm that notes what it was asked for. */
const putNpm = (exit: number): void => {
  write('tools/npm', `#!${process.execPath}\nconsole.log('npm', ...process.argv.slice(2)); process.exit(${exit});\n`);
  chmodSync(join(root, 'tools/npm'), 0o755);
};

test('with everything in place it runs the script at once, without npm, and adds no output', () => {
  const { status, stdout, stderr } = withInstall('-e', 'console.log(process.argv[1]); process.exitCode = 7', 'given');
  expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: 'given\n', stderr: '' });
});

test('what another package should bring inside itself and does not is no reason to install', () => {
  const inside = { version: '1.0.0', inBundle: true };
  write('package-lock.json', lockWith({ 'node_modules/part': PART, 'node_modules/part/node_modules/inside': inside }));
  const { status, stdout, stderr } = withInstall('-e', 'console.log("ran")');
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'ran\n', stderr: '' });
});

test('a child that a signal ended gives 128 + n', () => {
  expect(withInstall('-e', "process.kill(process.pid, 'SIGKILL')").status).toBe(137);
});

const BREAKAGES: [string, () => void][] = [
  ['no node_modules', () => rmSync(join(root, 'node_modules/.package-lock.json'))],
  ['a package that is gone', () => rmSync(join(root, 'node_modules/part'), { recursive: true })],
  [
    'an older version',
    () => write('node_modules/.package-lock.json', lockWith({ 'node_modules/part': { ...PART, version: '0.9.0' } })),
  ],
  [
    'a package that is new',
    () => write('package-lock.json', lockWith({ 'node_modules/part': PART, 'node_modules/new': PART })),
  ],
];

test.each(BREAKAGES)('%s: it installs, development dependencies too, then runs', (_, damage) => {
  putNpm(0);
  damage();
  const { status, stdout, stderr } = withInstall('-e', 'console.log("ran")');
  expect(stdout).toBe('npm ci --include=dev --include=optional --no-audit --no-fund\nran\n');
  expect(stderr).toMatch(/正在安装依赖.*installing dependencies/);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(0);
});

test('an install that fails is told and ends with 1', () => {
  putNpm(9);
  rmSync(join(root, 'node_modules/.package-lock.json'));
  const { status, stdout, stderr } = withInstall('-e', 'console.log("ran")');
  expect(status).toBe(1);
  expect(stdout).not.toContain('ran');
  expect(stderr).toMatch(/安装失败.*the install failed/);
});

const begin = (): { child: ChildProcess; lines: string[]; ended: Promise<number | null> } => {
  const script = `const stay = setInterval(() => {}, 1000);
    process.on('SIGTERM', () => { console.log('asked'); setTimeout(() => { clearInterval(stay); process.exitCode = 3; }, 100); });
    console.log('up');`;
  const child = spawn(process.execPath, ['bin/with-install.mjs', '-e', script], { cwd: root, env: environment() });
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => lines.push(...chunk.trim().split('\n')));
  return { child, lines, ended: new Promise((resolve) => child.once('close', resolve)) };
};

test('a signal is passed on once, and the orderly end of the child waited for', async () => {
  const { child, lines, ended } = begin();
  await expect.poll(() => lines, { timeout: 20_000 }).toEqual(['up']);
  child.kill('SIGTERM');
  child.kill('SIGTERM');
  expect(await ended).toBe(3);
  expect(lines).toEqual(['up', 'asked']);
});

test('npx lantian runs the command line', () => {
  expect(statSync(join(project, 'bin/lantian.mjs')).mode & 0o111).not.toBe(0);
  write(
    'src/cli.ts',
    'const args: string[] = process.argv.slice(2);\nimport("node:sqlite").then(() => console.log(...args));',
  );
  write('package.json', '{"type": "module"}');
  const args = [join(root, 'bin/lantian.mjs'), 'check', '--config', 'x.yaml'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'check --config x.yaml\n', stderr: '' });
});

test('npx lantian ends in order when the shell that npm puts before it is gone', async () => {
  write('package.json', '{"type": "module"}');
  write(
    'src/cli.ts',
    `const stay = setInterval(() => {}, 1000);
    process.on('SIGTERM', () => { console.log('asked'); clearInterval(stay); });
    console.log('up');`,
  );
  const script = `"${process.execPath}" "${join(root, 'bin/lantian.mjs')}" run; true`;
  const child = spawn('/bin/sh', ['-c', script], { env: { ...environment(), npm_lifecycle_event: 'npx' } });
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => lines.push(...chunk.trim().split('\n')));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await expect.poll(() => lines, { timeout: 20_000 }).toEqual(['up']);
  child.kill('SIGTERM');
  await ended;
  expect(lines).toEqual(['up', 'asked']);
});
