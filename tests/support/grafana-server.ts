// An HTTP server that answers as Grafana's documentation of its HTTP API says (docs/sources/developers/http_api/*.md of its repository): organisations,
// members, data sources, folders, dashboards, preferences, users. Basic authentication; what lies in an organisation is only for its members.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

export interface Organisation {
  readonly name: string;
  readonly roles: Map<number, string>;
  readonly dataSources: Map<string, Json>;
  readonly folders: Map<string, Json>;
  readonly dashboards: Map<string, Json>;
  preferences: Json;
}

export interface User {
  readonly login: string;
  password: string;
  readonly administrator: boolean;
}

export interface FakeGrafana {
  readonly url: string;
  readonly organisations: Map<number, Organisation>;
  readonly users: Map<number, User>;
  /** Requests that changed something, `POST /api/orgs`. */
  readonly changes: string[];
  close(): Promise<void>;
}

type Reply = readonly [status: number, body: unknown];

const made = (name: string): Organisation => ({
  name,
  roles: new Map(),
  dataSources: new Map(),
  folders: new Map(),
  dashboards: new Map(),
  preferences: {},
});

const bodyOf = async (request: IncomingMessage): Promise<Json> => {
  let text = '';
  for await (const part of request) text += part;
  return text === '' ? {} : (JSON.parse(text) as Json);
};

const NOT_FOUND: Reply = [404, { message: 'Not found' }];

export const startFakeGrafana = async (password: string): Promise<FakeGrafana> => {
  const organisations = new Map([[1, made('Main Org.')]]);
  const users = new Map<number, User>([[1, { login: 'admin', password, administrator: true }]]);
  organisations.get(1)!.roles.set(1, 'Admin');
  const changes: string[] = [];
  const byLogin = (login: unknown) => [...users].find(([, user]) => user.login === login);

  const whose = (request: IncomingMessage): number | undefined => {
    const [, encoded = ''] = (request.headers.authorization ?? '').split('Basic ');
    const [login = '', secret] = Buffer.from(encoded, 'base64').toString().split(':');
    const found = byLogin(login);
    return found?.[1].password === secret ? found![0] : undefined;
  };

  const put = (all: Map<string, Json>, key: string, value: Json): Reply => {
    all.set(key, value);
    return [200, { ...value, message: 'done' }];
  };
  const get = (all: Map<string, Json>, key: string): Reply => (all.has(key) ? [200, all.get(key)] : NOT_FOUND);

  /** Routes within the organisation that the header names. */
  const inside = (at: Organisation, route: string, body: Json): Reply | undefined => {
    const [, uid = ''] = /\/([^/]+)$/.exec(route) ?? [];
    if (/^GET \/api\/datasources\/uid\//.test(route)) return get(at.dataSources, uid);
    if (/^PUT \/api\/datasources\/uid\//.test(route)) return put(at.dataSources, uid, body);
    if (route === 'POST /api/datasources') {
      if (at.dataSources.has(String(body['uid'])))
        return [409, { message: 'data source with the same name already exists' }];
      return put(at.dataSources, String(body['uid']), body);
    }
    if (/^GET \/api\/folders\//.test(route)) return get(at.folders, uid);
    if (/^PUT \/api\/folders\//.test(route))
      return body['overwrite'] === true
        ? put(at.folders, uid, { uid, title: body['title'] })
        : [412, { message: 'version-mismatch' }];
    if (route === 'POST /api/folders') {
      if (at.folders.has(String(body['uid']))) return [409, { message: 'Folder already exists' }];
      return put(at.folders, String(body['uid']), body);
    }
    if (/^GET \/api\/dashboards\/uid\//.test(route)) return get(at.dashboards, uid);
    if (route === 'POST /api/dashboards/db') {
      const board = body['dashboard'] as Json;
      if (!at.folders.has(String(body['folderUid']))) return [400, { message: 'folder not found' }];
      if (at.dashboards.has(String(board['uid'])) && body['overwrite'] !== true)
        return [412, { message: 'name-exists' }];
      return put(at.dashboards, String(board['uid']), board);
    }
    if (route !== 'PATCH /api/org/preferences') return undefined;
    at.preferences = { ...at.preferences, ...body };
    return [200, { message: 'Preferences updated' }];
  };

  const members = (route: string, body: Json): Reply | undefined => {
    const [, number = '', , user = ''] = /^\w+ \/api\/orgs\/(\d+)\/users(\/(\d+))?$/.exec(route) ?? [];
    const at = organisations.get(Number(number));
    if (number === '') return undefined;
    if (at === undefined) return NOT_FOUND;
    if (route.startsWith('GET'))
      return [200, [...at.roles].map(([userId, role]) => ({ userId, role, login: users.get(userId)!.login }))];
    if (route.startsWith('DELETE')) return [at.roles.delete(Number(user)) ? 200 : 404, { message: 'User removed' }];
    if (route.startsWith('PATCH')) {
      at.roles.set(Number(user), String(body['role']));
      return [200, { message: 'Organization user updated' }];
    }
    const found = byLogin(body['loginOrEmail']);
    if (!found) return NOT_FOUND;
    if (at.roles.has(found[0])) return [409, { message: 'User is already member of this organization' }];
    at.roles.set(found[0], String(body['role']));
    return [200, { message: 'User added to organization', userId: found[0] }];
  };

  const server_ = (route: string, body: Json, by: number): Reply | undefined => {
    const [, name] = /^GET \/api\/orgs\/name\/(.+)$/.exec(route) ?? [];
    if (name !== undefined) {
      const found = [...organisations].find(([, one]) => one.name === decodeURIComponent(name));
      return found ? [200, { id: found[0], name: found[1].name }] : [404, { message: 'Organization not found' }];
    }
    if (route === 'POST /api/orgs') {
      if ([...organisations.values()].some((one) => one.name === body['name'])) return [409, { message: 'name taken' }];
      const orgId = organisations.size + 1;
      organisations.set(orgId, made(String(body['name'])));
      organisations.get(orgId)!.roles.set(by, 'Admin');
      return [200, { orgId, message: 'Organization created' }];
    }
    const [, login] = /^GET \/api\/users\/lookup\?loginOrEmail=(.+)$/.exec(route) ?? [];
    if (login !== undefined) {
      const found = byLogin(decodeURIComponent(login));
      return found ? [200, { id: found[0], login: found[1].login }] : [404, { message: 'user not found' }];
    }
    const [, id] = /^GET \/api\/users\/(\d+)\/orgs$/.exec(route) ?? [];
    if (id !== undefined)
      return [200, [...organisations].filter(([, one]) => one.roles.has(Number(id))).map(([orgId]) => ({ orgId }))];
    const [, changed] = /^PUT \/api\/admin\/users\/(\d+)\/password$/.exec(route) ?? [];
    if (changed !== undefined) {
      users.get(Number(changed))!.password = String(body['password']);
      return [200, { message: 'User password updated' }];
    }
    if (route !== 'POST /api/admin/users') return undefined;
    const number = users.size + 1;
    users.set(number, { login: String(body['login']), password: String(body['password']), administrator: false });
    // auto_assign_org: the first organisation, unless OrgId says another.
    organisations.get(Number(body['OrgId'] ?? 1))!.roles.set(number, 'Viewer');
    return [200, { id: number, message: 'User created' }];
  };

  const reply = async (request: IncomingMessage): Promise<Reply> => {
    const by = whose(request);
    if (by === undefined) return [401, { message: 'Invalid username or password' }];
    const route = `${request.method} ${request.url}`;
    const body = await bodyOf(request);
    if (request.method !== 'GET') changes.push(route);
    if (/^\w+ \/api\/(orgs|users|admin)\b/.test(route)) {
      if (!users.get(by)!.administrator) return [403, { message: 'Permission denied' }];
      return members(route, body) ?? server_(route, body, by) ?? NOT_FOUND;
    }
    const at = organisations.get(Number(request.headers['x-grafana-org-id'] ?? 1));
    if (at?.roles.get(by) === undefined) return [401, { message: 'Unauthorized' }];
    if (request.method !== 'GET' && at.roles.get(by) !== 'Admin') return [403, { message: 'Permission denied' }];
    return inside(at, route, body) ?? NOT_FOUND;
  };

  const server = createServer((request, response) => {
    void reply(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    organisations,
    users,
    changes,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
