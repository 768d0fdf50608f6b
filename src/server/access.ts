// Who asks: a token names a person and a role. Reading needs none on this machine (`http.anonymous`); an enterprise sees what is its own, and
// the warnings that are for everyone. Whose request is under way is kept beside it, so that no route can forget to look.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Catalog } from '../core/catalog.ts';
import type { Signal } from '../core/types.ts';
import { WARNINGS } from '../signals/history.ts';
import type { Person } from '../signals/roles.ts';
import type { SeriesQuery, Store } from '../store/port.ts';
import type { ServerParts } from './parts.ts';
import { Problem } from './problems.ts';

/** Paths that a supervisor asks, whoever it is. */
const OPEN: readonly string[] = ['/healthz', '/readyz'];

/** What speaks of the whole county's people and machines. */
const CLOSED_TO_ENTERPRISES: readonly string[] = ['/metrics', '/api/v1/ledger'];

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0]!;

const notForEnterprises = (): Problem =>
  new Problem('not-your-step', 'this is not for enterprises', '此接口不向企业开放');

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

const noToken = (): Problem =>
  new Problem(
    'no-token',
    'give a token as Authorization: Bearer …; lantian token make makes one',
    '请以 Authorization: Bearer … 提供令牌；令牌由 lantian token make 生成',
  );

const badToken = (): Problem =>
  new Problem(
    'bad-token',
    'this token is unknown or revoked; lantian token list shows those in use',
    '令牌不存在或已撤销；见 lantian token list',
  );

/** A proxy on this machine asks for someone who may be anywhere. */
const isForwarded = ({ headers }: FastifyRequest): boolean =>
  ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined);

const isAnonymous = (request: FastifyRequest, { settings }: ServerParts): boolean => {
  if (OPEN.includes(pathOf(request))) return true;
  const { anonymous } = settings.http;
  return anonymous === 'always' || (anonymous === 'loopback' && LOOPBACK.test(request.ip) && !isForwarded(request));
};

/** @throws Problem no-token, bad-token */
const askerOf = (request: FastifyRequest, parts: ServerParts): Person | undefined => {
  const given = request.headers.authorization;
  if (given === undefined) {
    if (request.is404 || (request.method !== 'POST' && isAnonymous(request, parts))) return undefined;
    throw noToken();
  }
  const token = /^Bearer\s+(\S+)$/i.exec(given)?.[1];
  const person = token === undefined ? undefined : parts.holder(token);
  if (person === undefined) throw badToken();
  if (person.role === 'enterprise' && CLOSED_TO_ENTERPRISES.includes(pathOf(request))) throw notForEnterprises();
  return person;
};

export interface Access {
  /** Look at the token of every request. */
  guard(app: FastifyInstance): void;
  /** Who asks; undefined: someone without a token, who may read. */
  asker(): Person | undefined;
  /** The parts as the one who asks may see them. */
  readonly parts: ServerParts;
}

const ownStations = (catalog: Catalog, enterprise: string): Catalog => ({
  ...catalog,
  stations: new Map([...catalog.stations].filter(([, station]) => station.enterprise === enterprise)),
});

/** A store that gives an enterprise the rows that are tagged as its own. */
const ownRows = (store: Store, enterprise: () => string | undefined): Store => ({
  ...store,
  init: () => store.init(),
  write: (points) => store.write(points),
  close: () => store.close(),
  read: (query: SeriesQuery) => {
    const own = enterprise();
    return store.read(own === undefined ? query : { ...query, tags: { ...query.tags, enterprise: own } });
  },
});

export const createAccess = (parts: ServerParts): Access => {
  const asking = new AsyncLocalStorage<Person | undefined>();
  const askers = new WeakMap<FastifyRequest, Person | undefined>();
  const asker = (): Person | undefined => asking.getStore();
  const enterprise = (): string | undefined => {
    const person = asker();
    // An enterprise without a unit would be one that sees everything: it sees nothing.
    return person?.role === 'enterprise' ? (person.unit ?? '') : undefined;
  };
  const catalog = (): Catalog => {
    const own = enterprise();
    return own === undefined ? parts.catalog() : ownStations(parts.catalog(), own);
  };
  const isOwn = (station: string): boolean => enterprise() === undefined || catalog().stations.has(station);
  const isSeen = ({ kind, subject }: Pick<Signal, 'kind' | 'subject'>): boolean =>
    WARNINGS.includes(kind) || isOwn(subject);
  return {
    guard: (app) => {
      app.addHook('onRequest', (request, _reply, done) => {
        try {
          const person = askerOf(request, parts);
          askers.set(request, person);
          asking.run(person, done);
        } catch (thrown) {
          done(thrown as Error);
        }
      });
      // Reading the body leaves the context behind: it is entered again.
      app.addHook('preValidation', (request, _reply, done) => asking.run(askers.get(request), done));
    },
    asker,
    parts: {
      ...parts,
      catalog,
      store: parts.store && ownRows(parts.store, enterprise),
      // Who decided what is the authorities' own; the order itself is for everyone.
      ledger: {
        of: (signal) => (enterprise() === undefined ? parts.ledger.of(signal) : []),
        newest: (most, before) => (enterprise() === undefined ? parts.ledger.newest(most, before) : []),
      },
      signals: () => parts.signals().filter(isSeen),
      verdicts: () => parts.verdicts().filter(isSeen),
      latest: (station) => parts.latest(station).filter((figure) => isOwn(figure.station)),
      readings: (station) => (isOwn(station) ? parts.readings(station) : []),
    },
  };
};
