// Users of InfluxDB 1.x. Lantian's own is named by the settings; the one that may only read is ours, with a password that we choose,
// and has no right beyond its database: what more it was given is taken away.
import type { Server } from '../index.ts';
import { name, text } from '../influx1-query.ts';
import { type Credentials, newPassword } from './credentials.ts';
import { isKnown, type Run, type User } from './influxql.ts';
import type { Outcome, Things } from './thing.ts';

const findUser = async (run: Run, username: string) =>
  (await run('SHOW USERS')).find((one) => one['user'] === username);

/** Rights by database, without those that were taken away. */
const grantsOf = async (run: Run, username: string): Promise<Map<string, string>> => {
  const rows = await run(`SHOW GRANTS FOR ${name(username)}`);
  const given = rows.filter((row) => row['privilege'] !== 'NO PRIVILEGES');
  return new Map(given.map((row) => [String(row['database']), String(row['privilege'])]));
};

async function* own({ target }: Server, run: Run): Things {
  const { username, password = '', database } = target;
  if (username === undefined) {
    const words =
      '设 influx.username 与 influx.password，否则流水线不能写入 set influx.username and influx.password: without them the pipeline cannot write';
    yield { thing: '自用用户 own user', outcome: 'left', words };
    return;
  }
  const thing = `自用用户 own user ${username}`;
  const found = await findUser(run, username);
  if (!found) await run(`CREATE USER ${name(username)} WITH PASSWORD ${text(password)}`);
  else if (!(await isKnown(target, { username, password }))) {
    const words = '已有，但 influx.password 不对 it is there, but influx.password is not its password';
    yield { thing, outcome: 'left', words };
    return;
  }
  const enough = found?.['admin'] === true || (await grantsOf(run, username)).get(database) === 'ALL PRIVILEGES';
  if (!enough) await run(`GRANT ALL ON ${name(database)} TO ${name(username)}`);
  yield { thing, outcome: found ? (enough ? 'there' : 'changed') : 'made' };
}

/** Take away what a user may do beyond reading its database, and let it read; whether anything was changed. */
const limit = async (run: Run, { username }: User, database: string, admin: boolean): Promise<boolean> => {
  if (admin) await run(`REVOKE ALL PRIVILEGES FROM ${name(username)}`);
  const grants = await grantsOf(run, username);
  const others = [...grants.keys()].filter((one) => one !== database);
  for (const other of others) await run(`REVOKE ALL ON ${name(other)} FROM ${name(username)}`);
  const reads = grants.get(database) === 'READ';
  if (!reads) await run(`GRANT READ ON ${name(database)} TO ${name(username)}`);
  return admin || others.length > 0 || !reads;
};

async function* reader({ name: store, target }: Server, run: Run, credentials: Credentials): Things {
  const { database, url } = target;
  const username = `${database}_read`;
  const kept = credentials.get(store);
  const user = { username, password: kept?.['username'] === username ? (kept['password'] ?? '') : '' };
  const found = await findUser(run, username);
  let outcome: Outcome = 'there';
  if (user.password === '' || (found && !(await isKnown(target, user)))) {
    user.password = newPassword();
    credentials.put(store, { url, database, ...user });
    if (found) await run(`SET PASSWORD FOR ${name(username)} = ${text(user.password)}`);
    outcome = 'changed';
  }
  if (!found) await run(`CREATE USER ${name(username)} WITH PASSWORD ${text(user.password)}`);
  const changed = await limit(run, user, database, found?.['admin'] === true);
  if (!found) outcome = 'made';
  else if (changed) outcome = 'changed';
  yield { thing: `只读用户 read-only user ${username}`, outcome };
}

/** Both users of a database, with their rights. */
export async function* usersOf(server: Server, run: Run, credentials: Credentials): Things {
  yield* own(server, run);
  yield* reader(server, run, credentials);
}
