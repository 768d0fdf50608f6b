import { z } from 'zod';
import {
  COLOURS,
  type Colour,
  type WarningEdition,
  type WarningLevel,
  type WarningSignal,
  warningEdition,
} from '../standards/warning-signals.ts';
import { type Complain, questionMistakes, questionOf, written } from './condition-words.ts';
import { mistake, mistakesOf, readYamlFile, type YamlSource } from './yaml.ts';

// A province's warning signals, as a YAML file: levels that take the place of the edition's or join them, in the words of
// src/standards/conditions.ts. docs/settings.md says how to write one.

const name = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const level = z.strictObject({
  /** Hours ahead that the level speaks of. */
  lead: z.number().int().min(1),
  townships: z.number().int().min(1).default(1),
  each: written,
});

const fileSchema = z.strictObject({
  /** The document that the levels are from. */
  document: z.string().min(1),
  signals: z.record(
    z.string().regex(/^[a-z0-9-]+$/, 'a signal is small letters a-z, digits and hyphens'),
    z.strictObject({
      name: name.optional(),
      clause: z.string().min(1).optional(),
      levels: z.partialRecord(z.enum(COLOURS), level),
    }),
  ),
});
type FileOf = z.infer<typeof fileSchema>;

/** Mistakes that the form alone does not find. */
const meaningMistakes = ({ signals }: FileOf, edition: WarningEdition, source: YamlSource): string[] => {
  const found: string[] = [];
  const complain: Complain = (path, message) => found.push(mistake(source.at(path), path, message));
  for (const [subject, signal] of Object.entries(signals)) {
    const isNew = !Object.hasOwn(edition.signals, subject);
    for (const key of ['name', 'clause'] as const)
      if (isNew && signal[key] === undefined)
        complain(['signals', subject, key], 'is missing: the edition has no such signal');
    for (const [colour, { each }] of Object.entries(signal.levels))
      questionMistakes(each, ['signals', subject, 'levels', colour, 'each'], complain);
  }
  return found;
};

const levelOf = ({ lead, townships, each }: z.infer<typeof level>): WarningLevel => ({
  lead,
  clauses: [[{ townships, each: questionOf(each) }]],
});

/** A signal of the edition with a file's levels in it; what a file gives levels to can be decided. */
const signalOf = (
  before: WarningSignal | undefined,
  given: FileOf['signals'][string],
  document: string,
  edition: string,
): WarningSignal => {
  const { unmeasured: _, ...known } = before ?? { name: given.name!, clause: given.clause!, levels: {} };
  const levels = Object.entries(given.levels).map(([colour, one]) => [colour as Colour, levelOf(one)] as const);
  return {
    ...known,
    ...(given.name ? { name: given.name } : {}),
    ...(given.clause ? { clause: given.clause } : {}),
    levels: { ...known.levels, ...Object.fromEntries(levels) },
    document: before === undefined ? document : `${edition}; ${document}`,
  };
};

const editionWith = ({ document, signals }: FileOf, edition: WarningEdition): WarningEdition =>
  warningEdition(edition.document, {
    ...edition.signals,
    ...Object.fromEntries(
      Object.entries(signals).map(([subject, given]) => [
        subject,
        signalOf(edition.signals[subject], given, document, edition.document),
      ]),
    ),
  });

/** An edition with the levels of a province's file in it, or every mistake as `file:line:col path: message`. */
export const readWarningSignals = (
  file: string,
  edition: WarningEdition,
): { readonly edition?: WarningEdition; readonly mistakes: readonly string[] } => {
  const source = readYamlFile(file);
  if (source.data === undefined) return { mistakes: source.mistakes };
  const checked = fileSchema.safeParse(source.data);
  if (!checked.success) return { mistakes: mistakesOf(checked.error, fileSchema, source.at) };
  const mistakes = meaningMistakes(checked.data, edition, source);
  return mistakes.length > 0 ? { mistakes } : { edition: editionWith(checked.data, edition), mistakes };
};
