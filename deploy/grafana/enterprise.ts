import type { Ask } from './ask.ts';
import { must } from './ask.ts';

// An enterprise's place in Grafana: an organisation of its own, in it a data source with credentials that read its own database or bucket alone, a
// folder with its dashboard, and a viewer. A viewer may ask a data source anything, so it is the credentials that keep enterprises apart, and
// the organisation that keeps a viewer from other data sources. Each step looks first, so that all can be run again.

export type Outcome = 'made' | 'changed' | 'there';

export interface Done {
  readonly thing: string;
  readonly outcome: Outcome;
}

export interface Place {
  /** Enterprise id of the catalog. */
  readonly id: string;
  readonly title: string;
  /** Read credentials of its own store, as `lantian store init` keeps them. */
  readonly store: Readonly<Record<string, string>>;
  readonly dashboard: { readonly uid?: string };
  readonly viewer: { readonly login: string; readonly password: string; readonly isNew: boolean };
  /** Login of the administrator. */
  readonly administrator: string;
}

const SOURCE = 'lantian';
const FOLDER = 'lantian';

const organisation = async (ask: Ask, { id }: Place): Promise<Done & { number: number }> => {
  const name = `Lantian ${id}`;
  const thing = `机构 organisation ${name}`;
  const found = await ask('GET', `api/orgs/name/${encodeURIComponent(name)}`);
  if (found.status !== 404) return { thing, outcome: 'there', number: Number(must(found, thing)['id']) };
  const made = must(await ask('POST', 'api/orgs', { name }), thing);
  return { thing, outcome: 'made', number: Number(made['orgId']) };
};

interface Member {
  readonly userId: number;
  readonly login: string;
  readonly role: string;
}

const membersOf = async (ask: Ask, number: number): Promise<readonly Member[]> =>
  must(await ask('GET', `api/orgs/${number}/users`), '机构成员 members') as unknown as readonly Member[];

/** A user is in an organisation with a role, whatever was before. */
const member = async (ask: Ask, number: number, login: string, role: string): Promise<Outcome> => {
  const thing = `成员 member ${login}`;
  const found = (await membersOf(ask, number)).find((one) => one.login === login);
  if (found?.role === role) return 'there';
  if (found) must(await ask('PATCH', `api/orgs/${number}/users/${found.userId}`, { role }), thing);
  else must(await ask('POST', `api/orgs/${number}/users`, { loginOrEmail: login, role }), thing);
  return found ? 'changed' : 'made';
};

/** The data source in Grafana's words: 2.x and 3.x by token, 1.x by name and password. */
const sourceOf = ({ url, database, token, username, password }: Place['store']): object => ({
  uid: SOURCE,
  name: 'Lantian',
  type: 'influxdb',
  access: 'proxy',
  url,
  isDefault: true,
  ...(token === undefined
    ? { user: username, jsonData: { dbName: database, httpMode: 'POST' }, secureJsonData: { password } }
    : {
        jsonData: { dbName: database, httpMode: 'POST', httpHeaderName1: 'Authorization' },
        secureJsonData: { httpHeaderValue1: `Token ${token}` },
      }),
});

const dataSource = async (ask: Ask, number: number, { store }: Place): Promise<Done> => {
  const thing = `数据源 data source ${store['database']}`;
  const found = await ask('GET', `api/datasources/uid/${SOURCE}`, undefined, number);
  if (found.status !== 404) must(found, thing);
  const isNew = found.status === 404;
  const [method, path] = isNew ? ['POST', 'api/datasources'] : ['PUT', `api/datasources/uid/${SOURCE}`];
  must(await ask(method!, path!, sourceOf(store), number), thing);
  // Its password cannot be read back, so it is written each time.
  return { thing, outcome: isNew ? 'made' : 'changed' };
};

const folder = async (ask: Ask, number: number, { title }: Place): Promise<Done> => {
  const thing = `文件夹 folder ${title}`;
  const found = await ask('GET', `api/folders/${FOLDER}`, undefined, number);
  if (found.status === 404) {
    must(await ask('POST', 'api/folders', { uid: FOLDER, title }, number), thing);
    return { thing, outcome: 'made' };
  }
  if (must(found, thing)['title'] === title) return { thing, outcome: 'there' };
  must(await ask('PUT', `api/folders/${FOLDER}`, { title, overwrite: true }, number), thing);
  return { thing, outcome: 'changed' };
};

const board = async (ask: Ask, number: number, { dashboard }: Place): Promise<Done> => {
  const thing = `看板 dashboard ${dashboard.uid}`;
  const found = await ask('GET', `api/dashboards/uid/${dashboard.uid}`, undefined, number);
  if (found.status !== 404) must(found, thing);
  const body = { dashboard: { ...dashboard, id: null }, folderUid: FOLDER, overwrite: true };
  must(await ask('POST', 'api/dashboards/db', body, number), thing);
  const home = { homeDashboardUID: dashboard.uid };
  must(await ask('PATCH', 'api/org/preferences', home, number), '机构首页 home dashboard');
  return { thing, outcome: found.status === 404 ? 'made' : 'changed' };
};

/** A viewer is in this organisation and in no other one: Grafana may put new users into its first. */
const alone = async (ask: Ask, user: number, number: number): Promise<void> => {
  const all = must(await ask('GET', `api/users/${user}/orgs`), '机构 organisations') as unknown as { orgId: number }[];
  for (const { orgId } of all)
    if (orgId !== number) must(await ask('DELETE', `api/orgs/${orgId}/users/${user}`), `机构 organisation ${orgId}`);
};

const viewer = async (
  ask: Ask,
  number: number,
  { title, viewer: { login, password, isNew } }: Place,
): Promise<Done> => {
  const thing = `只读用户 viewer ${login}`;
  const found = await ask('GET', `api/users/lookup?loginOrEmail=${encodeURIComponent(login)}`);
  const user =
    found.status === 404
      ? must(await ask('POST', 'api/admin/users', { name: title, login, password, OrgId: number }), thing)
      : must(found, thing);
  const role = await member(ask, number, login, 'Viewer');
  await alone(ask, Number(user['id']), number);
  if (found.status === 404) return { thing, outcome: 'made' };
  if (isNew) {
    // Its password is not known here any more, or never was: the one that is kept now becomes its own.
    must(await ask('PUT', `api/admin/users/${Number(user['id'])}/password`, { password }), thing);
    return { thing, outcome: 'changed' };
  }
  return { thing, outcome: role === 'there' ? 'there' : 'changed' };
};

/**
 * Make an enterprise's place in Grafana, or bring it up to date; what was done, as it is done.
 * @throws LantianError grafana-unreachable, grafana-refused
 */
export async function* makePlace(ask: Ask, place: Place): AsyncGenerator<Done> {
  const { number, ...made } = await organisation(ask, place);
  yield made;
  // Who made an organisation is in it; another administrator is not, and could not change it.
  await member(ask, number, place.administrator, 'Admin');
  yield await dataSource(ask, number, place);
  yield await folder(ask, number, place);
  yield await board(ask, number, place);
  yield await viewer(ask, number, place);
}
