#!/usr/bin/env node
// npx lantian: on Node 24 the command itself, on an older one a way to the Node that the install brought along.
import { findNode, isCurrent, LEAST, onOrphaned, run } from './runtime.mjs';

/** Early releases of Node 24 print that SQLite and type stripping are experimental: no news for a user. */
const hushExperiments = () => {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    if (/SQLite|type stripping/i.test(String(warning)) && rest[0] === 'ExperimentalWarning') return;
    emitWarning.call(process, warning, ...rest);
  };
};

const rerun = async () => {
  const node = findNode();
  if (node !== undefined) return run(node, process.argv.slice(1));
  process.stderr.write(
    `lantian: 需要 Node ${LEAST}（当前为 ${process.version}），请先运行 npm ci / needs Node ${LEAST} (this is ${process.version}): run npm ci\n`,
  );
  return 2;
};

if (isCurrent()) {
  hushExperiments();
  const watch = onOrphaned(() => {
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  })?.unref();
  await import('../src/cli.ts');
} else {
  process.exit(await rerun());
}
