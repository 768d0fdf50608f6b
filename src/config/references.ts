import { didYouMean } from './nearest.ts';
import { mistake, type Path, type YamlSource } from './yaml.ts';

// What the files of a catalog say of each other. This works on the files as they were read, before their own mistakes are
// mended, so that one run tells all mistakes: a station with a bad duration may have a township that does not exist, too.

/** A value somewhere in a file. */
export interface Entry<T = unknown> {
  readonly source: YamlSource;
  readonly path: Path;
  readonly value: T;
}

const into = (value: unknown, step: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<PropertyKey, unknown>)[step]
    : undefined;

/** Values at a pattern; `*` stands for every item of a list. */
export const entriesOf = (source: YamlSource, ...pattern: (string | readonly string[])[]): Entry[] =>
  pattern.flat().reduce<Entry[]>(
    (found, step) =>
      found.flatMap(({ path, value }) => {
        if (step !== '*') return [{ source, path: [...path, step], value: into(value, step) }];
        return Array.isArray(value)
          ? value.map((item, index) => ({ source, path: [...path, index], value: item }))
          : [];
      }),
    [{ source, path: [], value: source.data }],
  );

const isText = (entry: Entry): entry is Entry<string> => typeof entry.value === 'string';

/** Texts of a list. */
export const textsOf = (source: YamlSource, list: Path & readonly string[]): Entry<string>[] =>
  entriesOf(source, list, '*').filter(isText);

const STATIONS = [
  ['stations', '*'],
  ['enterprises', '*', 'outlets', '*'],
];
const TOWNED = [...STATIONS, ['enterprises', '*'], ['hazard_points', '*']];

const fieldOf = (sources: readonly YamlSource[], owners: readonly (readonly string[])[], field: string): Entry[] =>
  sources.flatMap((source) => owners.flatMap((owner) => entriesOf(source, owner, field)));

const repeats = (what: string, entries: readonly Entry[]): string[] => {
  const first = new Map<unknown, Entry>();
  return entries.flatMap((entry) => {
    const { source, path, value } = entry;
    if (value === undefined || value === null) return [];
    const before = first.get(value);
    if (!before) first.set(value, entry);
    return before
      ? [mistake(source.at(path), path, `${what} ${value} is already at ${before.source.at(before.path)}`)]
      : [];
  });
};

/** Ids, numbers, dates and files that are given twice. A station may not be called as a township is: forecasts are addressed to townships. */
export const repeatMistakes = (county: YamlSource, sources: readonly YamlSource[]): string[] => [
  ...repeats('the file', entriesOf(county, 'files', '*')),
  ...repeats('the id', [...entriesOf(county, 'townships', '*', 'id'), ...fieldOf(sources, STATIONS, 'id')]),
  ...repeats('the id', fieldOf(sources, [['enterprises', '*']], 'id')),
  ...repeats('the number', fieldOf(sources, [['hazard_points', '*']], 'no')),
  ...repeats('the date', fieldOf(sources, [['dust_days', '*']], 'date')),
];

const unknowns = (what: string, entries: readonly Entry[], known: readonly string[]): string[] =>
  entries
    .filter(isText)
    .filter(({ value }) => !known.includes(value))
    .map(({ source, path, value }) =>
      mistake(source.at(path), path, `unknown ${what} ${value}${didYouMean(value, known)}`),
    );

/** Townships and enterprises that are named and do not exist. */
export const referenceMistakes = (county: YamlSource, sources: readonly YamlSource[]): string[] => {
  const townships = entriesOf(county, 'townships', '*', 'id')
    .filter(isText)
    .map(({ value }) => value);
  const enterprises = fieldOf(sources, [['enterprises', '*']], 'id')
    .filter(isText)
    .map(({ value }) => value);
  return [
    ...unknowns('township', fieldOf(sources, TOWNED, 'township'), townships),
    ...unknowns('enterprise', fieldOf(sources, [['stations', '*']], 'enterprise'), enterprises),
  ];
};
