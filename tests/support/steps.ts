// People and their steps over HTTP, and the forecasts of a cold wave that bring them about: 附件6 (4) goes by forecasts alone.
import mqtt, { type MqttClient } from 'mqtt';
import { HOUR, isoUtc } from '../../src/core/time.ts';
import type { Role } from '../../src/signals/roles.ts';
import { lantian } from './command.ts';
import type { Child } from './lantian.ts';

/** Six townships of the county. */
export const SIX = ['dingchang', 'guocun', 'guxian', 'xindian', 'zhangyuan', 'cecun'];

/** All twelve: a level falls when no township that is unknown could make it up. */
export const TWELVE = [...SIX, 'qinzhouhuang', 'nanli', 'songcun', 'niusi', 'yangan', 'zone'];

/** Fall of the night's minimum that makes up a level in six townships, °C; `none`: of no level. */
export const FALLS = { none: 2, IV: 10, III: 12, II: 16, I: 20 } as const;

export const forecastOf = (fall: number, at: number) =>
  JSON.stringify({
    time: isoUtc(at),
    from: isoUtc(at),
    to: isoUtc(at + 48 * HOUR),
    values: { temperature_min_drop: fall, wind_force: 6 },
  });

export const coldWave = async (client: MqttClient, fall: number, townships = SIX): Promise<void> => {
  const payload = forecastOf(fall, Date.now());
  for (const township of townships)
    await client.publishAsync(`lantian/v1/140430/forecast/${township}`, payload, { qos: 1 });
};

export const clientOf = (child: Child): Promise<MqttClient> =>
  mqtt.connectAsync(`mqtt://127.0.0.1:${child.mqttPort}`, { reconnectPeriod: 100 });

export interface Answer {
  readonly status: number;
  readonly body: {
    readonly error?: string;
    readonly message?: string;
    readonly signal?: string;
    readonly entries?: number[];
    readonly now?: { readonly level: string; readonly state: string; readonly in_force?: { readonly level: string } };
  };
}

export type Tokens = Readonly<Record<Role, string>>;

/** A token of each role, made by the command. */
export const tokensOf = async (child: Child): Promise<Tokens> => {
  const units: Partial<Record<Role, string>> = { township: 'guocun' };
  const roles: Role[] = [
    ...(['office', 'office-director', 'emergency-director', 'commander'] as const),
    ...(['ecology-bureau', 'township', 'viewer'] as const),
  ];
  const made: [Role, string][] = [];
  for (const role of roles) {
    const unit = units[role];
    const args = ['--name', `某${role}`, '--role', role, ...(unit ? ['--unit', unit] : []), '--config', child.config];
    const said = await lantian('token', 'make', ...args);
    if (said.code !== 0) throw new Error(said.stderr);
    made.push([role, said.stdout.trim()]);
  }
  return Object.fromEntries(made) as unknown as Tokens;
};

/** Take a step by HTTP. */
export const step = async (
  child: Child,
  token: string | undefined,
  signal: string,
  body: object,
  key?: string,
): Promise<Answer> => {
  const response = await fetch(`${child.http}/api/v1/signals/${signal}/steps`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
};
