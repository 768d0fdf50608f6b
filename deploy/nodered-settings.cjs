// Node-RED of docker-compose.yml (profile flows). What differs from its defaults, and why. It reads no file but this one, so that
// passwords come from the environment and stand nowhere in clear.
const { createHash, timingSafeEqual } = require('node:crypto');

const digest = (text) => createHash('sha256').update(text).digest();
const ADMIN = { username: 'admin', permissions: '*' };

/** An empty password in the environment lets nobody in. */
const isPassword = (given) => {
  const password = process.env.NODERED_ADMIN_PASSWORD;
  return Boolean(password) && timingSafeEqual(digest(String(given)), digest(password));
};

module.exports = {
  flowFile: 'flows.json',
  credentialSecret: process.env.NODERED_CREDENTIAL_SECRET,
  uiPort: 1880,
  // No one edits or looks without the password.
  adminAuth: {
    type: 'credentials',
    users: async (username) => (username === ADMIN.username ? ADMIN : null),
    authenticate: async (username, password) => (username === ADMIN.username && isPassword(password) ? ADMIN : null),
  },
  // Flows are no web server: pages of people are Lantian's and Grafana's.
  httpNodeRoot: false,
  // What is installed is decided when the image is chosen, not from the editor.
  externalModules: {
    autoInstall: false,
    palette: { allowInstall: false, allowUpload: false },
    modules: { allowInstall: false },
  },
  functionExternalModules: false,
  functionGlobalContext: {},
  telemetry: { enabled: false, updateNotification: false },
  diagnostics: { enabled: false, ui: false },
  runtimeState: { enabled: false, ui: false },
  editorTheme: { projects: { enabled: false }, tours: false },
  logging: { console: { level: 'info', metrics: false, audit: false } },
};
