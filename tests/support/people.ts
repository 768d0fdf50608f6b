// A child's tools for what people hand in: commands, files, series and signals.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { isoBeijing, monthStart } from '../../src/core/time.ts';
import { lantian, type Said } from './command.ts';
import { type Child, lantianChild } from './lantian.ts';

/** The month before last, whose dustfall has been weighed by now; its start and end. */
export const MONTH = monthStart(Date.now(), -2);
export const END = monthStart(MONTH, 1);
export const dateOf = (time: number): string => isoBeijing(time).slice(0, 10);
export const text = (time: number): string => isoBeijing(time).slice(0, 16);

interface Signal {
  readonly kind: string;
  readonly subject: string;
  readonly state: string;
}

export const tools = (child: Child) => ({
  enter: (...args: string[]): Promise<Said> => lantian('enter', ...args, '--by', '王芳', '--config', child.config),
  file: (name: string, rows: readonly string[]): string => {
    const file = join(child.folder, name);
    writeFileSync(file, `${rows.join('\n')}\n`);
    return file;
  },
  series: async (measurement: string, station: string, from: number, to: number) => {
    const span = `station=${station}&from=${from}&to=${to}`;
    const { rows } = (await (await fetch(`${child.http}/api/v1/series/${measurement}?${span}`)).json()) as {
      rows: { fields: Record<string, unknown> }[];
    };
    return rows.map(({ fields }) => fields);
  },
  signals: (): Promise<Signal[]> =>
    Promise.resolve(
      child.rows<{ body: string }>('lantian.db', 'SELECT body FROM signal').map(({ body }) => JSON.parse(body)),
    ),
});

/** A data folder with which a pipeline has run and ended. */
export const ended = async (): Promise<Child> => {
  const child = await lantianChild({ log: { level: 'error' } });
  await child.start();
  expect(await child.end('SIGTERM')).toMatchObject({ code: 0 });
  return child;
};
