import { loadCatalog } from '../config/catalog.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Settings } from '../config/schema.ts';
import { LantianError } from '../core/errors.ts';
import { isoBeijing } from '../core/time.ts';
import { BOUND, type Person, type Role } from '../signals/roles.ts';
import { createTokens, type TokenRow } from '../signals/tokens.ts';
import { lineOf, settingsOf, withDatabase } from './desk.ts';

interface Wish {
  readonly config?: string;
  readonly name: string;
  readonly role: Role;
  readonly unit?: string;
}

const knownUnits = (role: Role, settings: Settings): string[] => {
  const { townships, stations } = loadCatalog(settings.catalog, settings.county);
  if (role === 'township') return townships.map(({ id }) => id);
  return [...new Set([...stations.values()].flatMap(({ enterprise }) => enterprise ?? []))];
};

/** @throws LantianError usage */
const unitOf = ({ role, unit }: Wish, settings: Settings): string | undefined => {
  if (!BOUND.includes(role)) {
    if (unit === undefined) return undefined;
    throw new LantianError('usage', `--unit 只用于 is for ${BOUND.join(', ')}`);
  }
  const known = knownUnits(role, settings);
  if (unit !== undefined && known.includes(unit)) return unit;
  const hint = unit === undefined ? '' : didYouMean(unit, known);
  throw new LantianError('usage', `--role ${role} 须有 needs --unit${hint}: ${known.join(', ')}`);
};

/**
 * `lantian token make`
 * @throws LantianError usage, catalog-invalid, file-unreadable
 */
export const make = (options: Wish): Promise<number> => {
  const settings = settingsOf(options.config);
  const unit = unitOf(options, settings);
  const person: Person = { name: lineOf('--name', options.name, 64), role: options.role, unit };
  return withDatabase(settings, ({ database }) => {
    const { id, token } = createTokens(database).make(person, Date.now());
    process.stdout.write(`${token}\n`);
    process.stderr.write(
      `lantian: 令牌 ${id}，只显示这一次 token ${id} of ${person.name} (${person.role}), shown once\n`,
    );
    return 0;
  });
};

const rowText = ({ id, name, role, unit, made, revoked }: TokenRow): string =>
  [id, name, role, unit ?? '', isoBeijing(made), revoked === null ? '' : isoBeijing(revoked)].join('\t');

/** `lantian token list` */
export const list = ({ config }: { config?: string }): Promise<number> =>
  withDatabase(settingsOf(config), ({ database }) => {
    const rows = createTokens(database).list();
    process.stdout.write(['id\tname\trole\tunit\tmade\trevoked', ...rows.map(rowText), ''].join('\n'));
    return 0;
  });

/**
 * `lantian token revoke ID`
 * @throws LantianError usage
 */
export const revoke = (id: string, { config }: { config?: string }): Promise<number> =>
  withDatabase(settingsOf(config), ({ database }) => {
    if (!/^\d+$/.test(id) || !createTokens(database).revoke(Number(id), Date.now()))
      throw new LantianError('usage', `没有在用的令牌 no token in use has the number ${id}; see lantian token list`);
    process.stderr.write(`lantian: 令牌 ${id} 已撤销 is revoked\n`);
    return 0;
  });
