// npm run dashboards: writes dashboards/json/{zh,en}/*.json. What it writes is committed; a test builds it again and compares.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DASHBOARDS } from './index.ts';
import { LANGUAGES } from './lib/language.ts';

/** Files of dashboards/json by their path in it, as they are to stand there. */
export const built = (): ReadonlyMap<string, string> =>
  new Map(
    LANGUAGES.flatMap((language) =>
      Object.entries(DASHBOARDS).map(([name, make]): [string, string] => [
        `${language}/${name}.json`,
        `${JSON.stringify(make(language), undefined, 2)}\n`,
      ]),
    ),
  );

const FOLDER = join(import.meta.dirname, 'json');

if (import.meta.main) {
  rmSync(FOLDER, { recursive: true, force: true });
  const files = built();
  for (const [file, text] of files) {
    mkdirSync(dirname(join(FOLDER, file)), { recursive: true });
    writeFileSync(join(FOLDER, file), text);
  }
  process.stderr.write(`已写出 ${files.size} 个文件 / ${files.size} files written: ${FOLDER}\n`);
}
