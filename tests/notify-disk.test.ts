// An acknowledgement is answered with 200 once it is on disk, not before.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createNotifying } from '../flows/nodes/lib/notifying.ts';
import { isoUtc } from '../src/core/time.ts';
import { settingsOf } from './support/middle.ts';
import { CATALOG, signalOf, topicOf } from './support/notify.ts';
import { tempFolder } from './support/servers.ts';

test('a person who acknowledges while the disk takes nothing is told to try again', () => {
  const folder = tempFolder('notify');
  const rules = join(folder, 'rules.json');
  writeFileSync(
    rules,
    JSON.stringify({ channels: { horn: { type: 'siren', topic: 'duty/horn' } }, routes: [{ to: ['horn'] }] }),
  );
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const answers: { statusCode: number; payload: { acknowledged?: unknown } }[] = [];
  const notifying = createNotifying({
    ...{ file: rules, state: join(disk, 'state.json'), env: {}, now: Date.now, status: () => {}, warn: () => {} },
    known: () => ({ catalog: CATALOG, settings: settingsOf() }),
    send: (outputs) => {
      if (outputs[7]) answers.push(outputs[7] as never);
    },
  });
  const signal = signalOf({ level: 'I', since: isoUtc(Date.now()) });
  notifying.take({ topic: topicOf(signal), payload: JSON.stringify(signal) } as never);
  const acknowledge = () => {
    notifying.take({ topic: 'acknowledge', payload: { id: signal.id, by: '王芳' } } as never);
    return answers.at(-1)!;
  };
  rmSync(disk, { recursive: true });
  expect(acknowledge().statusCode).toBe(503);
  mkdirSync(disk);
  expect(acknowledge()).toMatchObject({ statusCode: 200, payload: { acknowledged: { by: '王芳' } } });
});
