// InfluxDB 2.x: the bucket with its retention, the mapping by which InfluxQL finds it as a database, and a token that may only read it.
import { SECOND } from '../../core/time.ts';
import type { Server, Target } from '../index.ts';
import { type Answer, ask, refused } from './ask.ts';
import type { Credentials } from './credentials.ts';
import { type PrepareOptions, retentionStep, SHORTER, type Thing, type Things } from './thing.ts';

const NEED_RIGHTS =
  '令牌须能建立存储桶、映射与令牌：设 influx.admin_token the token must be allowed to make buckets, mappings and tokens: set influx.admin_token';
const RETENTION_POLICY = 'lantian';

type Call = (method: 'GET' | 'POST' | 'PATCH', path: string, content?: unknown) => Promise<Answer>;

const caller = ({ url, timeout, token, admin_token }: Target): Call => {
  const secret = admin_token ?? token;
  const headers = {
    'content-type': 'application/json',
    ...(secret === undefined ? {} : { authorization: `Token ${secret}` }),
  };
  return (method, path, content) =>
    ask({ url, timeout, method, path, headers, ...(content === undefined ? {} : { body: JSON.stringify(content) }) });
};

interface Bucket {
  readonly id: string;
  readonly retentionRules?: readonly { readonly type?: string; readonly everySeconds: number }[];
}

/** What one bucket's steps need. */
interface Place {
  readonly server: Server;
  readonly call: Call;
  readonly orgID: string;
}

/** The answer's JSON, where it has the status. */
const must = (answer: Answer, status: number, url: string): unknown => {
  if (answer.status === status) return answer.json;
  throw refused(url, answer.words, NEED_RIGHTS);
};

const query = (parts: Readonly<Record<string, string>>): string => new URLSearchParams(parts).toString();

const organisation = async (call: Call, { url, org }: Target): Promise<string> => {
  const { orgs = [] } = must(await call('GET', `/api/v2/orgs?${query({ org })}`), 200, url) as {
    orgs?: { id: string }[];
  };
  if (orgs[0]) return orgs[0].id;
  throw refused(url, `没有组织 there is no organisation ${org}`, '改 influx.org change influx.org');
};

const findBucket = async ({ server: { target }, call, orgID }: Place): Promise<Bucket | undefined> => {
  const answer = await call('GET', `/api/v2/buckets?${query({ orgID, name: target.bucket })}`);
  // A name that is not there is an empty list, or 404 with some versions.
  if (answer.status === 404) return undefined;
  return (must(answer, 200, target.url) as { buckets?: Bucket[] }).buckets?.[0];
};

const retention = (everySeconds: number) => ({ retentionRules: [{ type: 'expire', everySeconds }] });

async function* bucket(place: Place, { keep, shorten }: PrepareOptions): AsyncGenerator<Thing, string, undefined> {
  const { server, call, orgID } = place;
  const { url, bucket: wanted } = server.target;
  const seconds = Math.ceil(keep / SECOND);
  const found = await findBucket(place);
  const made = found
    ? undefined
    : (must(await call('POST', '/api/v2/buckets', { orgID, name: wanted, ...retention(seconds) }), 201, url) as Bucket);
  yield { thing: `存储桶 bucket ${wanted}`, outcome: found ? 'there' : 'made' };
  const thing = `保留期 retention ${seconds} s`;
  if (made) {
    yield { thing, outcome: 'made' };
    return made.id;
  }
  const { id, retentionRules = [] } = found as Bucket;
  const is = retentionRules[0]?.everySeconds ?? 0;
  const step = retentionStep(is, seconds, shorten);
  const before = is === 0 ? '永久 for ever' : `${is} s`;
  if (step === 'change') must(await call('PATCH', `/api/v2/buckets/${id}`, retention(seconds)), 200, url);
  if (step === 'there') yield { thing, outcome: 'there' };
  else if (step === 'change') yield { thing, outcome: 'changed', words: `原为 it was ${before}` };
  else yield { thing, outcome: 'left', words: `现为 it is ${before}。${SHORTER}` };
  return id;
}

async function* mapping({ server: { target }, call, orgID }: Place, bucketID: string): Things {
  const { url, database } = target;
  const thing = `InfluxQL 映射 mapping ${database} → ${target.bucket}`;
  const answer = must(await call('GET', `/api/v2/dbrps?${query({ orgID, db: database })}`), 200, url);
  const { content = [] } = answer as { content?: { bucketID: string; default?: boolean }[] };
  const standing = content.find((one) => one.default === true) ?? content[0];
  if (standing?.bucketID === bucketID) yield { thing, outcome: 'there' };
  else if (standing) {
    const words = `数据库名 ${database} 已指向另一存储桶 ${standing.bucketID} this database name leads to another bucket; 改 influx.database change influx.database`;
    yield { thing, outcome: 'left', words };
  } else {
    const wanted = { orgID, bucketID, database, retention_policy: RETENTION_POLICY, default: true };
    must(await call('POST', '/api/v2/dbrps', wanted), 201, url);
    yield { thing, outcome: 'made' };
  }
}

interface Authorization {
  readonly status?: string;
  readonly permissions?: readonly { readonly action: string; readonly resource: { readonly id?: string } }[];
}

/** Whether a token is in use and reads the bucket, which has another number when it was made anew. */
const isGood = async (call: Call, id: string | undefined, bucketID: string, url: string): Promise<boolean> => {
  if (id === undefined) return false;
  const answer = await call('GET', `/api/v2/authorizations/${id}`);
  if (answer.status === 404) return false;
  const { status, permissions = [] } = must(answer, 200, url) as Authorization;
  const reads = permissions.some(({ action, resource }) => action === 'read' && resource.id === bucketID);
  return status !== 'inactive' && reads;
};

async function* readToken(place: Place, bucketID: string, credentials: Credentials): Things {
  const { server, call, orgID } = place;
  const { url, bucket: name, org, database } = server.target;
  const thing = `只读令牌 read token ${name}`;
  const kept = credentials.get(server.name);
  if (await isGood(call, kept?.['id'], bucketID, url)) {
    yield { thing, outcome: 'there' };
    return;
  }
  const permissions = [{ action: 'read', resource: { type: 'buckets', id: bucketID, orgID } }];
  const description = `lantian: read ${name}`;
  const answer = must(await call('POST', '/api/v2/authorizations', { orgID, description, permissions }), 201, url);
  const { id, token } = answer as { id: string; token: string };
  credentials.put(server.name, { url, org, bucket: name, database, id, token });
  yield { thing, outcome: kept ? 'changed' : 'made' };
}

/**
 * Prepare a bucket of InfluxDB 2.x.
 * @throws LantianError store-refused, store-unreachable, data-unwritable
 */
export async function* prepareInflux2(server: Server, credentials: Credentials, options: PrepareOptions): Things {
  const call = caller(server.target);
  const place = { server, call, orgID: await organisation(call, server.target) };
  const bucketID = yield* bucket(place, options);
  yield* mapping(place, bucketID);
  yield* readToken(place, bucketID, credentials);
}
