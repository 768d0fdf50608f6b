import type { Paints } from './lines.ts';
import { padTo, plain, widthOf } from './width.ts';

/** What runs, and where: an address or a folder. */
export interface Started {
  readonly what: string;
  readonly where: string;
}

const mqttHint = (where: string): string[] => {
  const address = /^mqtt:\/\/(?:[^@/]*@)?([^:/]+)(?::(\d+))?/.exec(where);
  if (!address) return [];
  const [, host, port] = address;
  return [`看信号 watch signals:  mosquitto_sub -h ${host} -p ${port ?? '1883'} -v -t 'lantian/v1/+/signal/#'`];
};

const httpHint = (where: string): string[] => {
  const address = /^https?:\/\/[^\s]+/.exec(where)?.[0];
  return address === undefined ? [] : [`用浏览器打开 open in a browser:  ${address}`];
};

const hintsOf = (rows: readonly Started[]): string[] => [
  ...(rows.map(({ where }) => httpHint(where)).find((hint) => hint.length > 0) ?? []),
  ...(rows.map(({ where }) => mqttHint(where)).find((hint) => hint.length > 0) ?? []),
  '停止 stop:  Ctrl-C',
];

/** A short table of what runs where, and what to try first. */
export const startedLines = (rows: readonly Started[], paints: Paints): string[] => {
  const widest = Math.max(0, ...rows.map(({ what }) => widthOf(what)));
  const table = rows.map(({ what, where }) => `  ${padTo(plain(what), widest)}  ${plain(where)}`);
  return [
    paints.bold('蓝天 Lantian · 正在运行 running'),
    ...table,
    ...hintsOf(rows).map((hint) => `  ${paints.dim(hint)}`),
    '',
  ];
};
