// The files for Docker, as far as they can be tried without it: what compose would read, what the image would hold. The broker
// and first-run.sh have tests of their own, with the real programs.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { loadSettings } from '../src/config/load.ts';
import { COMPOSE_FORM } from './support/compose-form.ts';
import { type Compose, ROOT, readCompose, textOf } from './support/deploy.ts';
import { tempFolder } from './support/servers.ts';

const compose = readCompose();
const services = Object.entries(compose.services);
const dockerfile = textOf('deploy/Dockerfile');

/** Services that do something and end. */
const ONCE = ['broker-init', 'store-init'];
/** What first-run.sh makes; the rest must be there. */
const MADE = ['./lantian.yaml', './deploy/tls/broker', './deploy/tls/broker/ca.pem'];

/** The settings that a service's environment makes over those of the example. */
const settingsOf = (name: string) => {
  const { environment } = compose.services[name]!;
  const env = Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [key, value.replace(/\$\{\w+:\?[^}]*\}/, 'secret')]),
  );
  return loadSettings({ file: join(ROOT, 'lantian.example.yaml'), env });
};

/** The compose specification's own schema, as dclint brings it. */
const specification = (): object => {
  const file = createRequire(import.meta.url)
    .resolve('dclint/package.json')
    .replace('package.json', 'schemas/compose.schema.json');
  const { $schema: draft, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as { $schema: string; title: string };
  expect(draft).toContain('draft-07');
  expect(schema.title).toBe('Compose Specification');
  return schema;
};

describe('docker-compose.yml', () => {
  const mistakes = (file: Compose, schema: object = COMPOSE_FORM): string[] => {
    const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
    ajv.validate(schema, file);
    return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };

  test('fits the schema of the compose specification, and a slip would be told', () => {
    const schema = specification();
    expect(mistakes(compose, schema)).toEqual([]);
    const slips: [string, unknown, RegExp][] = [
      ['helthcheck', {}, /additional properties/],
      ['ports', { http: 8080 }, /must be array/],
      ['depends_on', { influxdb: { condition: 'service_ready' } }, /allowed values/],
    ];
    for (const [key, value, words] of slips) {
      const slipped = structuredClone(compose);
      Object.assign(slipped.services['lantian']!, { [key]: value });
      expect(mistakes(slipped, schema).join(), key).toMatch(words);
    }
  });

  test('has the form of a compose file, and a slip would be told', () => {
    expect(mistakes(compose)).toEqual([]);
    const slips: [keyof Compose['services'][string] | 'comand', unknown, RegExp][] = [
      ['comand', ['run'], /additional properties/],
      ['cap_drop', ['NET_RAW'], /equal to constant/],
      ['environment', { A: 1 }, /must be string/],
      ['ports', ['8080:8080'], /must match pattern/],
      ['restart', 'always', /allowed values/],
    ];
    for (const [key, value, words] of slips) {
      const slipped = structuredClone(compose);
      Object.assign(slipped.services['lantian']!, { [key]: value });
      expect(mistakes(slipped).join()).toMatch(words);
    }
  });

  test('is the whole county', () => {
    const names = [...ONCE, 'grafana', 'influxdb', 'lantian', 'mosquitto', 'nodered'];
    expect(Object.keys(compose.services).sort()).toEqual(names.sort());
    expect(compose.services['nodered']!.profiles).toEqual(['flows']);
  });

  test.each(services)('%s starts after services that are there and say when they are ready', (_name, service) => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(compose.services)).toContain(other);
      expect(condition).toBe(ONCE.includes(other) ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  test.each(services)('%s: plain user, read-only root, no capabilities, bounded', (name, service) => {
    const image = service.image.startsWith('lantian:') ? dockerfile : '';
    const user = service.user ?? /^USER (\S+)$/m.exec(image)?.[1];
    expect(user).toBeTruthy();
    expect(user).not.toMatch(/^(root|0)\b/);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(service.restart).toBe(ONCE.includes(name) ? 'no' : 'unless-stopped');
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.logging).toMatchObject({ options: { 'max-size': '10m', 'max-file': '3' } });
    expect(ONCE.includes(name) || service.healthcheck !== undefined || image.includes('\nHEALTHCHECK ')).toBe(true);
    expect(service.image, 'a version is named').toMatch(/:\d+\.\d+/);
  });

  test.each(services)('%s writes to named volumes alone; files of the project are read-only', (_name, service) => {
    for (const volume of service.volumes) {
      const [from = '', , mode] = volume.split(':');
      if (!from.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(from);
      else {
        expect(mode).toBe('ro');
        if (!MADE.includes(from)) expect(existsSync(join(ROOT, from)), from).toBe(true);
      }
    }
  });

  test('every volume is used, and the broker alone is open to devices', () => {
    const used = services.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0]));
    expect(Object.keys(compose.volumes).filter((name) => !used.includes(name))).toEqual([]);
    const open = services.flatMap(([, { ports = [] }]) => ports).filter((port) => !port.startsWith('127.0.0.1:'));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: compose's own form
    expect(open).toEqual(['${MQTT_BIND:-127.0.0.1}:8883:8883']);
  });

  test('no password stands in it or has a default; .env.example names each variable that has none, empty, and no other', () => {
    const used = [...textOf('docker-compose.yml').matchAll(/(?<!\$)\$\{(\w+)(:?[?-])?/g)];
    const needed = used.filter(([, , how]) => how !== ':-');
    const secrets = used.filter(([, name]) => /PASSWORD|TOKEN|SECRET/.test(name ?? ''));
    expect(secrets.length).toBeGreaterThan(8);
    for (const [whole, , how] of [...secrets, ...needed]) expect(how, whole).toBe(':?');
    const given = services.flatMap(([, { environment }]) => Object.entries(environment));
    for (const [name, value] of given.filter(([name]) => /PASSWORD|TOKEN|SECRET/.test(name)))
      expect(value, name).toMatch(/^\$\{\w+:\?|^\/run\//);
    const lines = textOf('.env.example').split('\n');
    const empty = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(empty.sort()).toEqual([...new Set(needed.map(([, name]) => `${name}=`))].sort());
    const optional = lines.flatMap((line) => /^# (\w+)=\S+$/.exec(line)?.[1] ?? []);
    const standard = used.filter(([, , how]) => how === ':-').map(([, name]) => name);
    expect(optional.sort()).toEqual([...new Set(standard)].sort());
    const ignored = textOf('.gitignore').split('\n');
    for (const secret of ['.env', '/deploy/tls/']) expect(ignored).toContain(secret);
  });

  test('Lantian understands the settings it is given, over those of the example', () => {
    const settings = settingsOf('lantian');
    expect(settings.mqtt).toMatchObject({ url: 'mqtts://mosquitto:8883', username: 'lantian', password: 'secret' });
    const volumes = compose.services['lantian']!.volumes;
    expect(volumes).toContain(`./deploy/tls/broker/ca.pem:${settings.mqtt.ca}:ro`);
    const store = { url: 'http://influxdb:8086', version: 2, org: 'lantian', bucket: 'lantian', token: 'secret' };
    expect(settings.influx).toMatchObject(store);
    expect(settings.data.folder).toBe('/data');
    expect(volumes).toContain('lantian-data:/data');
    expect(settingsOf('store-init')).toMatchObject({ influx: store, data: { folder: '/data' } });
    expect(settingsOf('broker-init').mqtt).toMatchObject({ username: 'lantian', password: 'secret' });
  });

  test('Grafana is given all that its provisioning asks for, where its files say', () => {
    const { volumes, environment, command } = compose.services['grafana']!;
    const mounted = volumes.map((volume) => volume.split(':')).filter(([from]) => from!.startsWith('./dashboards/'));
    const provisioned = mounted.filter(([, to]) => to!.startsWith('/etc/grafana/provisioning/'));
    expect(provisioned.map(([, to]) => basename(to!)).sort()).toEqual(['alerting', 'dashboards', 'datasources']);
    const files = provisioned.flatMap(([from]) => readdirSync(join(ROOT, from!)).map((name) => join(from!, name)));
    const asked = files.flatMap((file) => textOf(file).match(/(?<=\$\{)\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(3);
    for (const name of asked)
      expect(environment[name] !== undefined || command![0]!.includes(`export ${name} `), name).toBe(true);
    const [from, to] = mounted.find(([, place]) => !place!.startsWith('/etc/grafana/provisioning/'))!;
    const paths = files.flatMap((file) => textOf(file).match(/(?<=^ +path: ).+$/gm) ?? []);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(readdirSync(join(ROOT, path.replace(to!, from!))).length, path).toBeGreaterThan(0);
    const { url, database } = settingsOf('lantian').influx;
    expect(environment).toMatchObject({ LANTIAN_STORE_URL: url, LANTIAN_STORE_DATABASE: database });
  });

  test('InfluxDB is set up as Lantian will ask for it', () => {
    const { environment } = compose.services['influxdb']!;
    const { org, bucket } = settingsOf('lantian').influx;
    // The set-up would make it without an end, and store init never shortens a retention by itself.
    expect(environment['DOCKER_INFLUXDB_INIT_BUCKET']).not.toBe(bucket);
    expect(environment).toMatchObject({
      DOCKER_INFLUXDB_INIT_MODE: 'setup',
      DOCKER_INFLUXDB_INIT_ORG: org,
      DOCKER_INFLUXDB_INIT_ADMIN_TOKEN: compose.services['lantian']!.environment['LANTIAN_INFLUX_TOKEN'],
    });
  });
});

describe('docs/deploy.md', () => {
  const doc = textOf('docs/deploy.md');

  test('speaks of each service, and of none that is not there', () => {
    const table = doc.slice(0, doc.indexOf('\n## ')).match(/(?<=^\| `)[\w-]+/gm);
    expect(table?.sort()).toEqual(Object.keys(compose.services).sort());
    const named = [
      ...doc.matchAll(
        /docker compose (?:exec|logs(?: -f)?|restart|stop|start|kill -s HUP|run(?: --?\S+(?: rm)?)*) ([\w-]+)/g,
      ),
    ];
    expect(named.length).toBeGreaterThan(10);
    for (const [command, service] of named) expect(Object.keys(compose.services), command).toContain(service);
    expect(doc).toContain('`--profile flows`');
  });

  test('names options that first-run.sh has, volumes and variables that there are', () => {
    const script = textOf('deploy/first-run.sh');
    const options = [...doc.matchAll(/first-run\.sh((?: --[\w-]+(?: [\w.]+)?)+)/g)].flatMap(
      ([, all]) => all!.match(/--[\w-]+/g)!,
    );
    expect(new Set(options)).toEqual(new Set(['--host', '--renew-certificate']));
    for (const option of options) expect(script).toContain(`\n  ${option})`);
    for (const [, all] of doc.matchAll(/for volume in ([\w -]+);/g))
      for (const volume of all!.trim().split(' ')) expect(Object.keys(compose.volumes)).toContain(volume);
    const example = textOf('.env.example');
    const variables = doc.match(/\b(MQTT|INFLUXDB|GRAFANA|NODERED|ALERT)_[A-Z_]+/g)!;
    expect(variables.length).toBeGreaterThan(4);
    const own = textOf('deploy/grafana-enterprise.ts').match(/\bGRAFANA_[A-Z_]+/g)!;
    for (const name of variables.filter((one) => !own.includes(one)))
      expect(example, name).toMatch(new RegExp(`^(# )?${name}=`, 'm'));
  });
});

describe('deploy/read-token.mjs', () => {
  const folder = tempFolder('token');
  const [credentials, file] = [join(folder, 'store-credentials.json'), join(folder, 'read-token')];
  const [, store] = /store-credentials\.json (\S+) \/token\/read-token/.exec(
    compose.services['store-init']!.command![0]!,
  )!;
  const run = () =>
    spawnSync(process.execPath, [join(ROOT, 'deploy/read-token.mjs'), credentials, store!, file], { encoding: 'utf8' });

  test('hands over the one token, by the name that Lantian has for its store', () => {
    const { influx } = settingsOf('store-init');
    expect(store).toBe(`${new URL(influx.url!).host}/${influx.bucket}`);
    writeFileSync(credentials, JSON.stringify({ [store!]: { id: '1', token: 'the token' }, other: { token: 'no' } }));
    expect(run()).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe('the token');
    expect((statSync(file).mode & 0o777).toString(8)).toBe('444');
    expect(run().status, 'again').toBe(0);
  });

  test('without one it fails and says where to look, and leaves the old one', () => {
    writeFileSync(credentials, JSON.stringify({ other: { token: 'no' } }));
    expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining('see what lantian store init says') });
    expect(readFileSync(file, 'utf8')).toBe('the token');
    rmSync(credentials);
    expect(run().status).toBe(1);
  });
});

describe('deploy/Dockerfile', () => {
  test('what it copies is enough to make an enterprise’s place in Grafana', () => {
    const image = tempFolder('image');
    for (const [, from] of dockerfile.matchAll(/^COPY (?!--from|package)(.+) \S+$/gm))
      for (const path of from!.split(' ')) cpSync(join(ROOT, path), join(image, path), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(image, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(image, 'node_modules'));
    const store = 'influxdb:8086/lantian_huaan-coking';
    const credentials = { [store]: { url: 'http://influxdb:8086', database: 'lantian_huaan-coking', token: 'reads' } };
    writeFileSync(join(image, 'store-credentials.json'), JSON.stringify(credentials));
    const environment = {
      ...compose.services['lantian']!.environment,
      LANTIAN_DATA_FOLDER: image,
      LANTIAN_INFLUX_ENTERPRISES: 'true',
      GRAFANA_PASSWORD: 'x',
      GRAFANA_URL: 'http://127.0.0.1:9',
    };
    const env = Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, value.replace(/^\$\{.*/, 's')]),
    );
    const said = spawnSync(process.execPath, ['deploy/grafana-enterprise.ts', 'huaan-coking'], {
      cwd: image,
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
    });
    expect(said.stderr).toContain('grafana-unreachable');
  });

  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from]) => from!.split(' '));

  test('copies files that are there and that .dockerignore lets through', () => {
    expect(copied).toContain('src');
    const letThrough = textOf('.dockerignore').match(/(?<=^!).+$/gm) ?? [];
    expect([...new Set(copied)].sort()).toEqual([...letThrough].sort());
    for (const path of copied) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  test('makes the folders that its services mount volumes on, each with the owner that writes there', () => {
    const [, made] = /^RUN mkdir ([^&]+) &&/m.exec(dockerfile) ?? [];
    const own = services.filter(([, { image }]) => image.startsWith('lantian:'));
    for (const [name, { volumes }] of own)
      for (const [from, to] of volumes.map((volume) => volume.split(':')))
        if (!from!.startsWith('.')) expect(made?.split(' '), `${name} ${to}`).toContain(to);
    expect(dockerfile).toContain(`chown ${compose.services['broker-init']!.user} /access`);
    expect(compose.services['broker-init']!.user).toBe(compose.services['mosquitto']!.user);
  });

  test('holds all that the sources import: nothing of the development packages', () => {
    const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> };
    const files = ['src', 'sensors', 'flows', 'bin'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.m?[tj]s$/.test(file))
        .map((file) => join(folder, file)),
    );
    const imports = files.flatMap((file) =>
      [...textOf(file).matchAll(/^(?:import|export)\b(?! type)[^'"\n]*from '([^'./][^']*)'/gm)].map(
        ([, from]) => from!,
      ),
    );
    const packages = new Set(
      imports.filter((from) => !from.startsWith('node:')).map((from) => /^(@[^/]+\/)?[^/]+/.exec(from)![0]),
    );
    expect([...packages].filter((name) => !(name in dependencies))).toEqual([]);
    expect(packages).toContain('mqtt');
  });
});
