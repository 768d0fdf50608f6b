// Who may say and hear what at a broker of one's own: the users follow from the catalog, so that a device's password is worth its
// own topics and no more. Names of stations' users are the stations' ids, which hold letters, digits and hyphens alone; those of
// enterprises and gateways hold a dot, so that they can never be a station's, nor hold a sign of topics (+ # /) or of files (: ").

import type { Catalog, Station } from '../core/catalog.ts';
import { LantianError } from '../core/errors.ts';
import { FEEDS, type Feed } from '../core/types.ts';

/** A user, and the topic filters that it may publish to (write) and be sent (read). */
export interface BrokerUser {
  readonly name: string;
  /** Whose it is, in two languages, for the person who hands the password out. */
  readonly about: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
}

export interface BrokerWishes {
  readonly gateways: readonly { readonly name: string; readonly stations: readonly string[] }[];
  readonly nodered_feeds: readonly Feed[];
}

/** Kinds of signals that are made known to everyone who has a user. */
const PUBLIC_KINDS = ['warning-signal', 'weather-response'] as const;

const UPTIME = '$SYS/broker/uptime';

/** Users that no catalog brings: programs, and the bureaus. */
const standing = (county: string, root: string, nodered: readonly Feed[]): BrokerUser[] => {
  const signals = `${root}/signal/#`;
  const bureau = (name: string, about: string): BrokerUser => ({ name, about, read: [signals], write: [] });
  const programs: BrokerUser[] = [
    { name: 'lantian', about: '蓝天 Lantian itself', read: [`${root}/+/+`, signals], write: [signals] },
    { name: 'health', about: '健康检查 the health check', read: [UPTIME], write: [] },
    {
      name: 'nodered',
      about: 'Node-RED',
      read: [signals],
      // Its notifications turn on the duty room's siren.
      write: [`duty/${county}/#`, ...nodered.map((feed) => `${root}/${feed}/+`)],
    },
    // Forecasts are of townships, which have no device: who makes them sends them all.
    { name: 'forecast', about: '预报 forecasts of all townships', read: [], write: [`${root}/forecast/+`] },
  ];
  return [
    ...programs,
    bureau('ecology-bureau', '生态环境局 ecology bureau'),
    bureau('meteorology-bureau', '气象局 meteorological bureau'),
    bureau('emergency-bureau', '应急管理局 emergency management bureau'),
  ];
};

const topicsOf = (root: string, { id, feeds }: Station): string[] =>
  FEEDS.filter((feed) => feeds[feed] !== undefined).map((feed) => `${root}/${feed}/${id}`);

const stationUser = (root: string, station: Station): BrokerUser => ({
  name: station.id,
  about: `${station.name.zh} ${station.name.en}`,
  read: [],
  write: topicsOf(root, station),
});

const enterpriseUser = (root: string, id: string, { stations, enterprises }: Catalog): BrokerUser => {
  const own = [...stations.values()].filter(({ enterprise }) => enterprise === id);
  const name = enterprises.get(id)?.name;
  return {
    name: `enterprise.${id}`,
    about: `${name?.zh} ${name?.en}`,
    read: [
      ...own.filter(({ feeds }) => feeds.emission).map((outlet) => `${root}/signal/emission/${outlet.id}`),
      ...own.map((station) => `${root}/signal/station-silent/${station.id}`),
      ...PUBLIC_KINDS.map((kind) => `${root}/signal/${kind}/+`),
    ],
    write: [],
  };
};

const gatewayUsers = (root: string, { stations }: Catalog, gateways: BrokerWishes['gateways']): BrokerUser[] =>
  gateways.map(({ name, stations: ids }) => ({
    name: `gateway.${name}`,
    about: `网关 gateway ${name}`,
    read: [],
    write: ids.flatMap((id) => {
      const station = stations.get(id);
      return station ? topicsOf(root, station) : [];
    }),
  }));

/** Why users cannot be made of this: a name that two would have, a gateway of stations that are not there. */
const mistakesOf = (users: readonly BrokerUser[], { stations }: Catalog, { gateways }: BrokerWishes): string[] => {
  const names = users.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  const unknown = gateways.flatMap(({ name, stations: ids }) =>
    ids.filter((id) => !stations.has(id)).map((id) => `broker.gateways ${name}: 目录中没有站点 no station ${id}`),
  );
  return [...twice.map((name) => `${name}: 用户重名，请改站点编码或网关名 two users have this name`), ...unknown];
};

/**
 * All users of a county's broker, those of programs and bureaus first.
 * @throws LantianError config-invalid: a gateway's station is not in the catalog, or two users would have one name
 */
export const brokerUsers = (catalog: Catalog, wishes: BrokerWishes): BrokerUser[] => {
  const root = `lantian/v1/${catalog.county.code}`;
  const users = [
    ...standing(catalog.county.code, root, wishes.nodered_feeds),
    ...[...catalog.stations.values()].map((station) => stationUser(root, station)),
    ...[...catalog.enterprises.keys()].map((id) => enterpriseUser(root, id, catalog)),
    ...gatewayUsers(root, catalog, wishes.gateways),
  ];
  const details = mistakesOf(users, catalog, wishes);
  if (details.length > 0)
    throw new LantianError('config-invalid', '消息服务器的用户有误 users of the broker', { details });
  return users;
};

/** Mosquitto's ACL file. What is not named is not allowed. */
export const aclText = (users: readonly BrokerUser[]): string => {
  const blocks = users.map(({ name, read, write }) =>
    [
      `user ${name}`,
      ...read.map((topic) => `topic read ${topic}`),
      ...write.map((topic) => `topic write ${topic}`),
      '',
    ].join('\n'),
  );
  return [
    '# 由 lantian broker passwords 生成，勿手改 made by lantian broker passwords; not for editing',
    ...blocks,
  ].join('\n');
};
