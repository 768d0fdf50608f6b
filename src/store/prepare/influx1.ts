// InfluxDB 1.x: the database, its default retention policy, lantian's own user and one that may only read.
import { DAY, HOUR } from '../../core/time.ts';
import type { Server, Target } from '../index.ts';
import { name, text } from '../influx1-query.ts';
import { refused } from './ask.ts';
import type { Credentials } from './credentials.ts';
import { type Run, runner, tell, type User } from './influxql.ts';
import { type PrepareOptions, retentionStep, SHORTER, type Thing, type Things } from './thing.ts';
import { usersOf } from './users.ts';

const POLICY = 'lantian';
const NEED_ADMIN =
  '以管理员运行：设 influx.admin_username 与 influx.admin_password it needs an administrator: set influx.admin_username and influx.admin_password';
const NOT_ADMIN =
  'influx.admin_username 或 influx.admin_password 不对，或不是管理员 influx.admin_username or influx.admin_password is not right, or not an administrator’s';

/** A county's rows are few: shards as long as InfluxDB's own rule, and four weeks where rows are kept for years. */
const shardOf = (keep: number): number => {
  if (keep < 2 * DAY) return HOUR;
  if (keep < 180 * DAY) return DAY;
  return keep < 3 * 365 * DAY ? 7 * DAY : 28 * DAY;
};

/** InfluxDB keeps whole hours here, at least one. */
const hoursOf = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / HOUR));
const lengths = (hours: number): string => `DURATION ${hours}h SHARD DURATION ${shardOf(hours * HOUR) / HOUR}h`;

/** Hours of 87672h0m0s; 0s is for ever. */
const parseHours = (duration: string): number => {
  const [, h = '0', m = '0', s = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration) ?? [];
  return Number(h) + Number(m) / 60 + Number(s) / 3600;
};

const policyThing = (policy: string, hours: number, rest: Omit<Thing, 'thing'>): Thing => ({
  thing: `保留策略 retention policy ${policy} ${hours} h`,
  ...rest,
});

/** The retention policy that rows go to, with what it holds left where it is. */
async function* policy(run: Run, database: string, { keep, shorten }: PrepareOptions): Things {
  const hours = hoursOf(keep);
  const all = await run(`SHOW RETENTION POLICIES ON ${name(database)}`);
  const standing = all.find((one) => one['default'] === true);
  const shards = await run('SHOW SHARDS');
  const holds = shards.some((one) => one['database'] === database && one['retention_policy'] === standing?.['name']);
  if (standing?.['name'] !== POLICY && !holds) {
    if (all.some((one) => one['name'] === POLICY)) {
      // As long as it is: what it holds is not to be dropped on the way.
      await run(`ALTER RETENTION POLICY ${name(POLICY)} ON ${name(database)} DEFAULT`);
      yield { thing: `默认保留策略 default retention policy ${POLICY}`, outcome: 'changed' };
      yield* policy(run, database, { keep, shorten });
      return;
    }
    const [duration, shard] = lengths(hours).split(/ (?=SHARD)/);
    await run(
      `CREATE RETENTION POLICY ${name(POLICY)} ON ${name(database)} ${duration} REPLICATION 1 ${shard} DEFAULT`,
    );
    yield policyThing(POLICY, hours, { outcome: 'made' });
    return;
  }
  const kept = String(standing?.['name']);
  const is = parseHours(String(standing?.['duration']));
  const step = retentionStep(is, hours, shorten);
  if (step === 'change') await run(`ALTER RETENTION POLICY ${name(kept)} ON ${name(database)} ${lengths(hours)}`);
  const before = is === 0 ? '永久 for ever' : `${is} h`;
  if (step === 'there') yield policyThing(kept, hours, { outcome: 'there' });
  else if (step === 'change') yield policyThing(kept, hours, { outcome: 'changed', words: `原为 it was ${before}` });
  else yield policyThing(kept, hours, { outcome: 'left', words: `现为 it is ${before}。${SHORTER}` });
}

async function* database(run: Run, target: Target, options: PrepareOptions): Things {
  const wanted = target.database;
  const there = (await run('SHOW DATABASES')).some((one) => one['name'] === wanted);
  if (!there) await run(`CREATE DATABASE ${name(wanted)} WITH ${lengths(hoursOf(options.keep))} NAME ${name(POLICY)}`);
  yield { thing: `数据库 database ${wanted}`, outcome: there ? 'there' : 'made' };
  if (there) yield* policy(run, wanted, options);
  else yield policyThing(POLICY, hoursOf(options.keep), { outcome: 'made' });
}

const adminOf = ({ admin_username, admin_password, username, password }: Target): User | undefined => {
  if (admin_username !== undefined) return { username: admin_username, password: admin_password ?? '' };
  return username === undefined ? undefined : { username, password: password ?? '' };
};

/** A server with authentication and no user yet lets anyone make the first administrator, and nothing else. */
const FIRST = /create admin user first/i;

/** Who runs the statements; undefined: the server asks nobody. The first administrator is made where there is none. */
async function* administrator(target: Target): AsyncGenerator<Thing, User | undefined, undefined> {
  const { status, error = '' } = await tell(target, 'SHOW DATABASES');
  if (error === '') return undefined;
  const admin = adminOf(target);
  if (admin === undefined) throw refused(target.url, error, NEED_ADMIN);
  if (!FIRST.test(error)) {
    if (status === 401 || status === 403) return admin;
    throw refused(target.url, error, NEED_ADMIN);
  }
  if (target.admin_username === undefined) throw refused(target.url, error, NEED_ADMIN);
  const { username, password } = admin;
  const make = runner(target, undefined, NEED_ADMIN);
  await make(`CREATE USER ${name(username)} WITH PASSWORD ${text(password)} WITH ALL PRIVILEGES`);
  yield { thing: `管理员 administrator ${username}`, outcome: 'made' };
  return admin;
}

/** What to do where the server refuses a statement. */
const adviceFor = ({ admin_username }: Target, admin: User | undefined): string => {
  if (admin === undefined) return '见服务器日志 see the server’s log';
  return admin_username === undefined ? NEED_ADMIN : NOT_ADMIN;
};

/**
 * Prepare a database of InfluxDB 1.x.
 * @throws LantianError store-refused, store-unreachable, data-unwritable
 */
export async function* prepareInflux1(server: Server, credentials: Credentials, options: PrepareOptions): Things {
  const { target } = server;
  const admin = yield* administrator(target);
  const run = runner(target, admin, adviceFor(target, admin));
  yield* database(run, target, options);
  if (admin === undefined) {
    const words = '服务器未启用认证，任何人可读写 the server has no authentication: anyone may read and write';
    yield { thing: '用户 users', outcome: 'none', words };
    return;
  }
  yield* usersOf(server, run, credentials);
}
