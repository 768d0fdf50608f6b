import { type Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { LantianError, reasonOf } from '../core/errors.ts';
import { letReaderGo } from './reader.ts';

const tell = (thrown: unknown): number => {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  process.stderr.write(`${pc.red(reasonOf(thrown))}\n`);
  if (!(thrown instanceof LantianError)) return 1;
  for (const line of thrown.details) process.stderr.write(`  ${line}\n`);
  return thrown.exit;
};

/**
 * Run a program that has one command, an `npm run` of its own; its action gives the exit code, an error that of its code. What the
 * command line lacks or has too much ends it with 2.
 */
export const runAlone = async <Options>(
  program: Command,
  run: (options: Options) => number | Promise<number>,
): Promise<void> => {
  letReaderGo();
  try {
    await program
      .exitOverride()
      .action(async (options: Options) => {
        process.exitCode = await run(options);
      })
      .parseAsync();
  } catch (thrown) {
    process.exitCode = tell(thrown);
  }
};
