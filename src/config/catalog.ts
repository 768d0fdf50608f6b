import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Catalog, Enterprise, Station } from '../core/catalog.ts';
import { LantianError } from '../core/errors.ts';
import { countySchema, placesSchema } from './catalog-schema.ts';
import { type Entry, entriesOf, referenceMistakes, repeatMistakes, textsOf } from './references.ts';
import { checkYaml, howMany, inOrder, mistake, readYamlFile, type YamlSource } from './yaml.ts';

type Places = z.infer<typeof placesSchema>;

const COUNTY_FILE = 'county.yaml';

/** Files that county.yaml lists and the folder lacks, and the other way round. */
const listMistakes = (folder: string, county: YamlSource, files: readonly Entry<string>[]): string[] => {
  const listed = new Set(files.map(({ value }) => value));
  const missing = files.filter(({ value }) => !existsSync(join(folder, value)));
  const unlisted = readdirSync(folder).filter(
    (name) => name.endsWith('.yaml') && name !== COUNTY_FILE && !listed.has(name),
  );
  return [
    ...missing.map(({ path, value }) => mistake(county.at(path), path, `there is no ${join(folder, value)}`)),
    ...unlisted.map((name) => mistake(`${join(folder, name)}:1:1`, [], `not listed under files in ${COUNTY_FILE}`)),
  ];
};

const codeMistakes = (source: YamlSource, code: string): string[] => {
  const path = ['county', 'code'];
  return entriesOf(source, ['county'], 'code')
    .filter(({ value }) => typeof value === 'string' && value !== code)
    .map(({ value }) => mistake(source.at(path), path, `${value} stands in the folder of ${code}`));
};

/** An outlet lies where its enterprise lies, and is exempt when it is, unless it says otherwise. */
const outletsOf = ({ id, township, exempt_statuses, outlets }: Places['enterprises'][number]): Station[] =>
  outlets.map((outlet) => ({
    ...(township === undefined ? {} : { township }),
    ...(exempt_statuses === undefined ? {} : { exemptStatuses: exempt_statuses }),
    ...outlet,
    enterprise: id,
  }));

const enterpriseOf = ({ outlets: _, exempt_statuses: __, ...enterprise }: Places['enterprises'][number]): Enterprise =>
  enterprise;

const byId = <T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<string, T> =>
  new Map(all.map((one) => [one.id, one]));

const assemble = (county: z.infer<typeof countySchema>, places: readonly Places[]): Catalog => ({
  county: county.county,
  townships: county.townships,
  stations: byId(places.flatMap((file) => [...file.stations, ...file.enterprises.flatMap(outletsOf)])),
  enterprises: byId(places.flatMap((file) => file.enterprises.map(enterpriseOf))),
  hazardPoints: places.flatMap((file) => file.hazard_points),
  dustDays: new Set(places.flatMap((file) => file.dust_days.map(({ date }) => date))),
});

const refuse = (code: string, found: readonly string[]): never => {
  const details = inOrder(found);
  throw new LantianError('catalog-invalid', `${howMany(details)} in the catalog of ${code}`, { details });
};

/**
 * Read all that `{folder}/{code}` says of a county.
 * @throws LantianError catalog-invalid, its details every mistake of every file as `file:line:col path: message`
 */
export const loadCatalog = (folder: string, code: string): Catalog => {
  const own = join(folder, code);
  const source = readYamlFile(join(own, COUNTY_FILE));
  const county = checkYaml(source, countySchema);
  if (source.data === undefined) return refuse(code, county.mistakes);
  const files = textsOf(source, ['files']);
  const names = new Set(files.map(({ value }) => value));
  const sources = [...names]
    .map((name) => join(own, name))
    .filter((file) => existsSync(file))
    .map(readYamlFile);
  const places = sources.map((one) => checkYaml(one, placesSchema));
  const mistakes = [
    ...[county, ...places].flatMap((one) => one.mistakes),
    ...listMistakes(own, source, files),
    ...codeMistakes(source, code),
    ...repeatMistakes(source, sources),
    ...referenceMistakes(source, sources),
  ];
  if (mistakes.length > 0 || county.value === undefined) return refuse(code, mistakes);
  return assemble(
    county.value,
    places.flatMap(({ value }) => value ?? []),
  );
};
