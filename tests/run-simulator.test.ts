import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { lantianChild } from './support/lantian.ts';
import { until } from './support/until.ts';

// The simulated county beside `lantian run` is a process of its own, and must not outlive it.

/** Processes that a process has started. */
const startedBy = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

const isRunning = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // gone, which is the answer
  }
};

it('the simulated county ends with the pipeline, also after kill -9', async () => {
  const child = await lantianChild({}, { args: ['--simulator', 'calm'] });
  await child.start();
  await until('simulated', async () => ((await child.metrics()).get('lantian_messages_received_total') ?? 0) > 100);
  const simulators = startedBy(child.pid!);
  onTestFinished(() => {
    for (const pid of simulators.filter(isRunning)) process.kill(pid, 'SIGKILL');
  });
  expect(simulators).toHaveLength(1);
  await child.kill9();
  await until('ended', () => !simulators.some(isRunning));
});
