// Bodies of readings by HTTP: bounded, JSON by their name, and handed on as text, so that the flow can answer what is wrong with
// them. Node-RED's own parsers answer 500 to text that is no JSON, and read plain text of any length into memory.
// A page of another origin cannot send this type without being asked first, which nobody here answers.
const LIMIT = 1024 * 1024;
const READINGS = /^\/lantian\/readings\//;
const JSON_TYPE = /^application\/json\s*(;|$)/i;

const refuse = (res, status, error) =>
  res.status(status).set('connection', 'close').json({ taken: 0, wrong: [], error });

const boundedBody = (req, res, next) => {
  if (req.method !== 'POST' || !READINGS.test(req.path) || req._body) return next();
  if (!JSON_TYPE.test(req.headers['content-type'] ?? ''))
    return refuse(res, 415, '内容类型须为 application/json the content type must be application/json');
  const parts = [];
  let size = 0;
  req.on('data', (part) => {
    size += part.length;
    if (size <= LIMIT) parts.push(part);
    else if (!res.headersSent) refuse(res, 413, `正文超过 ${LIMIT} 字节 the body has more than ${LIMIT} bytes`);
  });
  req.on('end', () => {
    if (res.headersSent) return;
    req.body = Buffer.concat(parts).toString();
    req._body = true;
    next();
  });
};

module.exports = { boundedBody };
