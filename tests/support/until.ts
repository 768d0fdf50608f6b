import { setTimeout as sleep } from 'node:timers/promises';

/** Wait until something holds; its failure names what was waited for and, where given, how things stood. */
export const until = async (
  what: string,
  holds: () => boolean | Promise<boolean>,
  { within = 15_000, every = 20, state = () => '' }: { within?: number; every?: number; state?: () => unknown } = {},
): Promise<void> => {
  const deadline = Date.now() + within;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${within} ms ${JSON.stringify(state())}`);
    await sleep(every);
  }
};
