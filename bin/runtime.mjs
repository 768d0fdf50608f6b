// Which Node runs the project, and how it is run. Plain JavaScript for Node 20: it works before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The first major version of Node that runs the sources as they are. */
export const LEAST = 24;

/** The Node that comes as a dev dependency. */
export const ownNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const majorOf = (version) => Number(/^v(\d+)\./.exec(version ?? '')?.[1] ?? 0);

export const isCurrent = () => majorOf(process.version) >= LEAST;

/** Whether a binary is there, runs on this machine and is new enough. */
const works = (node) =>
  existsSync(node) && majorOf(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout) >= LEAST;

/** The project's own Node, else the one that runs this if it is new enough, else undefined. */
export const findNode = () => {
  if (works(ownNode)) return ownNode;
  return isCurrent() ? process.execPath : undefined;
};

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** npm puts a shell between itself and us that dies of a signal without passing it on: then nobody else would end the child. */
export const onOrphaned = (act) => {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) act();
  }, 100);
};

/**
 * Run a program in this process's group, on its terminal, and wait for it however it is asked to end.
 * Each signal is passed on once: Ctrl-C reaches the whole group already, a second forwarded one would look like impatience.
 * @returns its exit code; 128 + n when signal n ended it
 */
export const run = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    const passed = new Set();
    const forward = (signal) => {
      if (passed.has(signal)) return;
      passed.add(signal);
      child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    const watch = onOrphaned(() => passed.size === 0 && forward('SIGTERM'));
    const release = () => {
      clearInterval(watch);
      for (const signal of FORWARDED) process.off(signal, forward);
    };
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      release();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
