// A command as a user runs it: a process of its own, told by what it prints and how it ends.
import { type ChildProcess, execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Said {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Command {
  readonly process: ChildProcess;
  readonly said: Promise<Said>;
}

/** Only what the test sets: no settings of whoever runs the tests. */
const environment = (): NodeJS.ProcessEnv => {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('LANTIAN_') && name !== 'FORCE_COLOR');
  return { ...Object.fromEntries(own), NO_COLOR: '1' };
};

/** Begin `lantian ...`, without waiting. */
export const begin = (...args: string[]): Command => {
  let child!: ChildProcess;
  const whole = ['--disable-warning=ExperimentalWarning', 'src/cli.ts', ...args];
  const options = { cwd: ROOT, env: environment(), timeout: 50_000, maxBuffer: 64 * 1024 ** 2 };
  const said = new Promise<Said>((resolve) => {
    child = execFile(process.execPath, whole, options, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
  return { process: child, said };
};

/** `lantian ...` to its end. */
export const lantian = (...args: string[]): Promise<Said> => begin(...args).said;

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Rows of a table with a heading and tabs, by the names of its columns. */
export const tableOf = (text: string): Record<string, string>[] => {
  const [header = '', ...rows] = linesOf(text);
  const names = header.split('\t');
  return rows.map((row) => Object.fromEntries(row.split('\t').map((cell, i) => [names[i], cell])));
};
