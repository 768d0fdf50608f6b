// npm run dashboards: writes dashboards/json/{zh,en}/*.json and the alert rules of dashboards/provisioning. What it writes is committed; a test builds it again and compares.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { alertRules } from './alerting.ts';
import { DASHBOARDS } from './index.ts';
import { LANGUAGES } from './lib/language.ts';

/** Panels are known by numbers, which alerts and links may name: in their order. */
const numbered = (made: Dashboard): Dashboard => {
  let last = 0;
  const number = <P extends Panel | RowPanel>(panel: P): P => ({
    ...panel,
    id: ++last,
    ...('panels' in panel && panel.panels ? { panels: panel.panels.map(number) } : {}),
  });
  return { ...made, panels: (made.panels ?? []).map(number) };
};

/** Dashboards by their path in dashboards/json, as they are to stand there. */
export const built = (): ReadonlyMap<string, string> =>
  new Map(
    LANGUAGES.flatMap((language) =>
      Object.entries(DASHBOARDS).map(([name, make]): [string, string] => [
        `${language}/${name}.json`,
        `${JSON.stringify(numbered(make(language)), undefined, 2)}\n`,
      ]),
    ),
  );

/** All files that are built, by their path in dashboards/. */
export const builtFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ...[...built()].map(([file, text]): [string, string] => [`json/${file}`, text]),
    ['provisioning/alerting/rules.yaml', alertRules()],
  ]);

if (import.meta.main) {
  const folder = import.meta.dirname;
  // A dashboard that is no more must not stay behind: Grafana would go on showing it.
  rmSync(join(folder, 'json'), { recursive: true, force: true });
  const files = builtFiles();
  for (const [file, text] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  process.stderr.write(`已写出 ${files.size} 个文件 / ${files.size} files written: ${folder}\n`);
}
