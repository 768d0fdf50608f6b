// Node-RED's settings. What differs from its defaults, and why. `flows/run.ts` starts Node-RED with this file and gives the
// environment that it reads.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { boundedBody } = require('./body.cjs');
const { createGuard } = require('./guard.cjs');

const { LANTIAN_FLOWS_HOST: host, LANTIAN_FLOWS_PORT: port, LANTIAN_FLOWS_SECRET_FILE: secret } = process.env;
const { LANTIAN_FLOWS_USERNAME: username = 'admin', LANTIAN_FLOWS_PASSWORD_HASH: password } = process.env;
const loopback = /^(127\.|localhost$|::1$)/.test(host ?? '');
if (!loopback && !password)
  throw new Error('outside loopback the editor needs a password: start it by `npm run flows`');

const guard = createGuard(password ? { username, password } : undefined);
const users = [{ username, password, permissions: '*' }];
const locked = {
  adminAuth: { type: 'credentials', users },
  // The desk and what listens by HTTP too: whoever reaches the port is asked.
  httpNodeAuth: { user: username, pass: password },
};

module.exports = {
  uiHost: host,
  uiPort: Number(port),
  nodesDir: join(__dirname, 'nodes'),
  flowFile: 'flows.json',
  flowFilePretty: true,
  credentialSecret: readFileSync(secret, 'utf8').trim(),
  ...(password ? locked : {}),
  // The editor's own parser comes first wherever it is at `/`, so the bound does too.
  httpAdminMiddleware: [guard.request, boundedBody],
  httpNodeMiddleware: [guard.request, boundedBody],
  dashboard: { ioMiddleware: guard.socket },
  // Nothing is told to anyone, nothing is fetched.
  telemetry: { enabled: false, updateNotification: false },
  externalModules: {
    autoInstall: false,
    palette: { allowInstall: false, allowUpload: false },
    modules: { allowInstall: false },
  },
  functionExternalModules: false,
  diagnostics: { enabled: false },
  runtimeState: { enabled: false },
  editorTheme: {
    projects: { enabled: false },
    tours: false,
    page: { title: '蓝天 Lantian · Node-RED' },
    header: { title: '蓝天 Lantian' },
  },
  logging: { console: { level: 'info', metrics: false, audit: false } },
  // What was sent, and what waits to be sent, must survive a restart.
  contextStorage: { default: { module: 'localfilesystem', config: { flushInterval: 1 } } },
};
