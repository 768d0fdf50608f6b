import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCredentials } from '../src/store/prepare/credentials.ts';
import { tempFolder } from './support/servers.ts';

test('what another run has put meanwhile stays; the file is for its owner alone, and nothing is left beside it', () => {
  const folder = tempFolder('credentials');
  const file = join(folder, 'data/store-credentials.json');
  const [one, two] = [openCredentials(file), openCredentials(file)];
  one.put('a', { token: 'of a' });
  two.put('b', { token: 'of b' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: { token: 'of a' }, b: { token: 'of b' } });
  expect([one.get('a'), two.get('b')]).toEqual([{ token: 'of a' }, { token: 'of b' }]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'data'))).toEqual(['store-credentials.json']);
});
