// Who may ask. A browser on this machine reaches 127.0.0.1 for any page that it shows, and sends the password along once it was
// typed; so what a page of another origin asks for is refused, and without a password also what is asked by a name that is not this
// machine's (a name of the page's own may be pointed here).
const { createHash } = require('node:crypto');
const bcrypt = require('bcryptjs');

const LOCAL = /^(127(\.\d+){3}|localhost|\[::1\])(:\d+)?$/i;
const READS = ['GET', 'HEAD', 'OPTIONS'];

/** Whether another origin's page sent it. Browsers name the page's origin; those that say more are believed, as a proxy may change `host`. */
const isForeign = ({ origin, host, 'sec-fetch-site': site }) => {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && origin.replace(/^https?:\/\//i, '') !== host;
};

const digest = (text) => createHash('sha256').update(text).digest('hex');

/**
 * @param user {username, password: bcrypt} of who may ask; undefined: whoever is on this machine
 * @returns {request, socket}: express middleware, and the same for the dashboard's socket, which httpNodeAuth does not ask
 */
const createGuard = (user) => {
  const isNamedRightly = ({ host }) => user !== undefined || LOCAL.test(host ?? '');
  let good;
  const isKnown = async ({ authorization = '' }) => {
    if (user === undefined || digest(authorization) === good) return true;
    const [, name, password] =
      /^(.*?):(.*)$/s.exec(Buffer.from(authorization.replace(/^basic /i, ''), 'base64').toString()) ?? [];
    if (name !== user.username || !(await bcrypt.compare(password, user.password))) return false;
    good = digest(authorization);
    return true;
  };
  return {
    request: (req, res, next) => {
      if (isNamedRightly(req.headers) && (READS.includes(req.method) || !isForeign(req.headers))) return next();
      res.status(403).set('connection', 'close').json({
        error: 'forbidden',
        message: 'asked for by a page of another origin, or by a name that is not this machine’s',
        message_zh: '来自其他网站的页面，或不是以本机名称访问，已拒绝',
      });
    },
    socket: async (socket, next) => {
      const { headers } = socket.handshake;
      const may = isNamedRightly(headers) && !isForeign(headers) && (await isKnown(headers));
      next(may ? undefined : new Error('forbidden'));
    },
  };
};

module.exports = { createGuard };
