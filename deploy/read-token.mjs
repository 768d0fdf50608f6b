// Hands Grafana the token that dashboards read with, and nothing else of the credentials that `lantian store init` made:
// node deploy/read-token.mjs CREDENTIALS STORE FILE
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const [credentials, store, file] = process.argv.slice(2);

const tokenOf = () => {
  const token = JSON.parse(readFileSync(credentials, 'utf8'))[store]?.token;
  if (typeof token === 'string' && token !== '') return token;
  throw new Error(
    `${credentials} 中没有 ${store} 的只读令牌 has no read token of ${store}: see what lantian store init says`,
  );
};

try {
  rmSync(`${file}.part`, { force: true });
  // Grafana's user is another one. Nobody else is given the volume.
  writeFileSync(`${file}.part`, tokenOf(), { mode: 0o444, flush: true });
  renameSync(`${file}.part`, file);
} catch (thrown) {
  process.stderr.write(`read-token: ${thrown.message}\n`);
  process.exitCode = 1;
}
