// npm start and npm test on a fresh clone: installs what is missing, then runs the given script on Node 24.
// Plain JavaScript for Node 20. With everything in place it touches no network and adds no output.
import { delimiter, join } from 'node:path';
import { firstMissing } from './installed.mjs';
import { findNode, isCurrent, LEAST, ownNode, root, run } from './runtime.mjs';

const say = (zh, en) => process.stderr.write(`lantian: ${zh} / ${en}\n`);

// npm must not run on the Node that it is about to replace: keep node_modules/.bin out of its path.
const cleanPath = () => {
  const bin = join(root, 'node_modules', '.bin');
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => entry !== bin)
    .join(delimiter);
};

const npm = (...args) => {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const options = { cwd: root, env: { ...process.env, PATH: cleanPath() } };
  if (script?.endsWith('npm-cli.js') && node && node !== ownNode) return run(node, [script, ...args], options);
  return run('npm', args, { ...options, shell: process.platform === 'win32' });
};

const stop = (code, zh, en) => {
  if (code < 128) say(zh, en);
  process.exit(code < 128 ? 1 : code);
};

const install = async (missing) => {
  say(`缺少 ${missing}，正在安装依赖（npm ci）……`, `${missing} is missing, installing dependencies (npm ci)...`);
  // Dev dependencies hold Node 24 itself, so NODE_ENV=production must not leave them out.
  const code = await npm('ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund');
  if (code !== 0)
    stop(
      code,
      '安装失败，原因见上；请检查网络后重试',
      'the install failed, npm says why above; check the network and try again',
    );
};

const installNode = async () => {
  say(`正在安装 Node ${LEAST}（npm rebuild node）……`, `installing Node ${LEAST} (npm rebuild node)...`);
  const code = await npm('rebuild', 'node', '--foreground-scripts', '--ignore-scripts=false');
  const node = findNode();
  if (node !== undefined) return node;
  return stop(
    code,
    `本机没有可用的 Node ${LEAST}：请检查网络后重试，或自行安装 Node ${LEAST} 以上版本`,
    `no Node ${LEAST} works here: check the network and try again, or install Node ${LEAST} or later yourself`,
  );
};

const main = async () => {
  const missing = firstMissing();
  if (missing !== undefined) await install(missing);
  const node = findNode() ?? (await installNode());
  // Early releases of Node 24 call SQLite and type stripping experimental; the project's own says nothing.
  const quiet = node === ownNode || !isCurrent() ? [] : ['--disable-warning=ExperimentalWarning'];
  return run(node, [...quiet, ...process.argv.slice(2)]);
};

process.exit(await main());
