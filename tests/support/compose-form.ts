// What of the compose specification docker-compose.yml may use, as a JSON schema: anything else, a misspelt key above all, is a
// mistake. The forms are the specification's; what is stricter than there (a mode for each file, a limit for each service) is ours.

const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text, minItems: 1 };
const closed = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const named = (value: object) => ({
  type: 'object',
  patternProperties: { '^[a-zA-Z0-9._-]+$': value },
  additionalProperties: false,
});
/** Time as Go writes it, of the units that are used: 15s, 1m30s. */
const duration = { type: 'string', pattern: '^(\\d+h)?(\\d+m)?(\\d+s)?$', minLength: 2 };
const bytes = { type: 'string', pattern: '^\\d+[kmg]$' };

const healthcheck = closed(
  {
    test: { type: 'array', items: text, minItems: 2, prefixItems: [{ enum: ['CMD', 'CMD-SHELL'] }] },
    interval: duration,
    timeout: duration,
    start_period: duration,
    retries: { type: 'integer', minimum: 1 },
  },
  ['test', 'interval', 'timeout', 'start_period', 'retries'],
);

const limits = closed(
  { cpus: { type: 'string', pattern: '^\\d+\\.\\d+$' }, memory: bytes, pids: { type: 'integer' } },
  ['cpus', 'memory', 'pids'],
);

const service = closed(
  {
    build: closed({ context: text, dockerfile: text }, ['context', 'dockerfile']),
    image: text,
    user: text,
    command: texts,
    entrypoint: texts,
    restart: { enum: ['unless-stopped', 'no'] },
    profiles: texts,
    network_mode: { enum: ['none'] },
    read_only: { const: true },
    cap_drop: { const: ['ALL'] },
    security_opt: texts,
    logging: closed({ driver: text, options: named(text) }, ['driver', 'options']),
    depends_on: named(
      closed({ condition: { enum: ['service_healthy', 'service_completed_successfully'] } }, ['condition']),
    ),
    // All as text: YAML would make a number or a truth of some.
    environment: named(text),
    ports: { type: 'array', items: { type: 'string', pattern: '^(\\$\\{\\w+:-127\\.0\\.0\\.1\\}|127\\.0\\.0\\.1):' } },
    volumes: { type: 'array', items: { type: 'string', pattern: '^[^:]+:/[^:]+(:ro)?$' }, uniqueItems: true },
    tmpfs: texts,
    healthcheck,
    stop_grace_period: duration,
    deploy: closed({ resources: closed({ limits }, ['limits']) }, ['resources']),
  },
  ['image', 'restart', 'read_only', 'cap_drop', 'security_opt', 'logging', 'environment', 'volumes', 'deploy'],
);

export const COMPOSE_FORM = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    services: named(service),
    volumes: named({ type: 'null' }),
  },
  required: ['name', 'services', 'volumes'],
  patternProperties: { '^x-': {} },
  additionalProperties: false,
};
