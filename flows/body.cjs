// Bodies of what is posted: bounded and JSON by their name. Node-RED's own parsers read plain text of any length into memory, and
// take forms, which a page of another origin can send without being asked first; JSON it cannot, as nobody here answers that.
// Bodies of readings are handed on as text, so that the flow can answer what is wrong with them: the parsers answer 500 to text that
// is no JSON.
const LIMIT = 1024 * 1024;
// As routes are told apart: small letters and capitals are one.
const POSTED = /^\/lantian\//i;
const READINGS = /^\/lantian\/readings\//i;
const JSON_TYPE = /^application\/json\s*(;|$)/i;
/** A reading has four levels. Node-RED clones what it hands on, and ends in the middle of what lies some thousand deep. */
const DEPTH = 100;

const refuse = (req, res, status, error) => {
  const readings = READINGS.test(req.path) ? { taken: 0, wrong: [] } : { message_zh: error };
  return res
    .status(status)
    .set('connection', 'close')
    .json({ ...readings, error });
};

const isDeep = (text) => {
  let depth = 0;
  for (const [found] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (found === '[' || found === '{') depth += 1;
    else if (found === ']' || found === '}') depth -= 1;
    if (depth > DEPTH) return true;
  }
  return false;
};

const boundedBody = (req, res, next) => {
  if (req.method !== 'POST' || !POSTED.test(req.path) || req._body) return next();
  if (!JSON_TYPE.test(req.headers['content-type'] ?? ''))
    return refuse(req, res, 415, '内容类型须为 application/json the content type must be application/json');
  // The parser of JSON has bounds of its own.
  if (!READINGS.test(req.path)) return next();
  const parts = [];
  let size = 0;
  req.on('data', (part) => {
    size += part.length;
    if (size <= LIMIT) parts.push(part);
    else if (!res.headersSent) refuse(req, res, 413, `正文超过 ${LIMIT} 字节 the body has more than ${LIMIT} bytes`);
  });
  req.on('end', () => {
    if (res.headersSent) return;
    req.body = Buffer.concat(parts).toString();
    if (isDeep(req.body)) return refuse(req, res, 400, '括号嵌套过深 brackets lie too deep in one another');
    req._body = true;
    next();
  });
};

module.exports = { boundedBody };
