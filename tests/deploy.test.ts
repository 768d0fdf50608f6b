// The files for Docker, as far as they can be tried without it: what compose would read, what the image would hold, and
// Mosquitto's own files in the real Mosquitto.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from '../src/config/load.ts';
import { findProgram, freePort, mosquittoClient, type Server, startMosquitto, tempFolder } from './support/servers.ts';

const root = join(import.meta.dirname, '..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only: boolean;
  readonly cap_drop: string[];
  readonly security_opt: string[];
  readonly restart: string;
  readonly environment: Record<string, string>;
  readonly ports?: string[];
  readonly volumes: string[];
  readonly command?: string[];
  readonly healthcheck?: { test: string[] };
  readonly depends_on?: Record<string, { condition: string }>;
  readonly deploy: { resources: { limits: Record<string, unknown> } };
}

const compose = parse(text('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  test('is the whole path', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['influxdb', 'lantian', 'mosquitto']);
    expect(Object.keys(compose.services['lantian']!.depends_on ?? {}).sort()).toEqual(['influxdb', 'mosquitto']);
  });

  test.each(services)('%s: plain user, read-only root, no capabilities, bounded', (name, service) => {
    const image = name === 'lantian' ? text('deploy/Dockerfile') : '';
    const user = service.user ?? /^USER (\S+)$/m.exec(image)?.[1];
    expect(user).toBeTruthy();
    expect(user).not.toMatch(/^(root|0)\b/);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], restart: 'unless-stopped' });
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(Object.keys(service.deploy.resources.limits).sort()).toEqual(['cpus', 'memory', 'pids']);
    expect(service.healthcheck !== undefined || image.includes('\nHEALTHCHECK ')).toBe(true);
    expect(service.image, 'a version is named').toMatch(/:\d+\.\d+/);
  });

  test.each(services)('%s writes to named volumes alone; files of the project are read-only', (_name, service) => {
    for (const volume of service.volumes) {
      const [from = '', , mode] = volume.split(':');
      if (!from.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(from);
      else {
        expect(mode).toBe('ro');
        expect(existsSync(join(root, from)), from).toBe(true);
      }
    }
  });

  test('no password stands in it or has a default, and .env.example names each of them, empty', () => {
    const used = [...text('docker-compose.yml').matchAll(/\$\{(\w+)(:?[?-])?/g)];
    const secrets = used.filter(([, name]) => /PASSWORD|TOKEN|SECRET/.test(name ?? ''));
    expect(secrets.length).toBeGreaterThan(3);
    for (const [whole, , how] of secrets) expect(how, whole).toBe(':?');
    const given = services.flatMap(([, { environment }]) => Object.entries(environment));
    for (const [name, value] of given.filter(([name]) => /PASSWORD|TOKEN|SECRET/.test(name)))
      expect(value, name).toMatch(/^\$\{\w+:\?/);
    const example = text('.env.example')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(example.sort()).toEqual([...new Set(secrets.map(([, name]) => `${name}=`))].sort());
    expect(text('.gitignore').split('\n')).toContain('.env');
  });

  test('Lantian understands the settings it is given', () => {
    const { environment } = compose.services['lantian']!;
    const env = Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, value.replace(/\$\{\w+:\?[^}]*\}/, 'secret')]),
    );
    const settings = loadSettings({ file: undefined, env });
    expect(settings.mqtt).toMatchObject({ url: 'mqtt://mosquitto:1883', username: 'lantian', password: 'secret' });
    expect(settings.influx).toMatchObject({ url: 'http://influxdb:8086', version: 1, database: 'lantian' });
    expect(settings.data.folder).toBe('/data');
    expect(compose.services['lantian']!.volumes).toContain('lantian-data:/data');
  });
});

describe('deploy/Dockerfile', () => {
  const dockerfile = text('deploy/Dockerfile');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from]) => from!.split(' '));

  test('copies files that are there and that .dockerignore lets through', () => {
    expect(copied).toContain('src');
    const letThrough = text('.dockerignore').match(/(?<=^!).+$/gm) ?? [];
    expect([...new Set(copied)].sort()).toEqual([...letThrough].sort());
    for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true);
  });

  test('holds all that the sources import: nothing of the development packages', () => {
    const { dependencies } = JSON.parse(text('package.json')) as { dependencies: Record<string, string> };
    const files = ['src', 'sensors', 'bin'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.m?[tj]s$/.test(file))
        .map((file) => join(folder, file)),
    );
    const imports = files.flatMap((file) =>
      [...text(file).matchAll(/^(?:import|export)\b(?! type)[^'"\n]*from '([^'./][^']*)'/gm)].map(([, from]) => from!),
    );
    const packages = new Set(
      imports.filter((from) => !from.startsWith('node:')).map((from) => /^(@[^/]+\/)?[^/]+/.exec(from)![0]),
    );
    expect([...packages].filter((name) => !(name in dependencies))).toEqual([]);
    expect(packages).toContain('mqtt');
  });
});

describe('deploy/mosquitto.conf in the real Mosquitto', () => {
  const clients: MqttClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.endAsync(true);
  });

  /** The configuration as it is, but for the paths and the port of this machine. */
  const start = async (): Promise<Server> => {
    const folder = tempFolder('deploy');
    const port = await freePort();
    const passwords = join(folder, 'passwords');
    const passwd = findProgram('mosquitto_passwd', 'mosquitto');
    execFileSync(passwd, ['-b', '-c', passwords, 'lantian', 'one']);
    execFileSync(passwd, ['-b', passwords, 'sensors', 'two']);
    const acl = join(folder, 'acl');
    writeFileSync(acl, text('deploy/mosquitto.acl'));
    for (const file of [passwords, acl]) chmodSync(file, 0o600);
    const config = text('deploy/mosquitto.conf')
      .replace('listener 1883\n', `listener ${port} 127.0.0.1\n`)
      .replace('/run/mosquitto/passwords', passwords)
      .replace('/mosquitto/config/mosquitto.acl', acl)
      .replace('/mosquitto/data/', `${folder}/`);
    // Run by root it would change to a user that may not read them.
    return startMosquitto({ folder, port, whole: `${config}user ${userInfo().username}\n` });
  };

  const login = async (
    { url }: Server,
    username: string,
    password: string,
    more: IClientOptions = {},
  ): Promise<MqttClient> => {
    const client = await connectAsync(url, { username, password, reconnectPeriod: 0, ...more });
    clients.push(client);
    return client;
  };

  const READING = 'lantian/v1/140430/air/dingchang-air';
  const SIGNAL = 'lantian/v1/140430/signal/weather-response/rainstorm';

  test('lets in those who have a password, and nobody else', async () => {
    const broker = await start();
    await expect(connectAsync(broker.url, { reconnectPeriod: 0 })).rejects.toThrow(/not authorized/i);
    await expect(login(broker, 'lantian', 'two')).rejects.toThrow(/not authorized/i);
    const uptime = compose.services['mosquitto']!.healthcheck!.test[1]!;
    expect(uptime).toContain('-u lantian -P "$$MQTT_LANTIAN_PASSWORD" -t \'$$SYS/broker/uptime\' -C 1');
    const health = ['-p', String(broker.port), '-u', 'lantian', '-P', 'one', '-t', '$SYS/broker/uptime', '-C', '1'];
    expect(await mosquittoClient('mosquitto_sub', [...health, '-W', '15'])).toMatch(/\d+ seconds/);
  });

  test('readings go from sensors to Lantian, signals the other way, and sensors do not hear one another', async () => {
    const broker = await start();
    const [lantian, sensor, other] = [
      await login(broker, 'lantian', 'one'),
      await login(broker, 'sensors', 'two'),
      await login(broker, 'sensors', 'two'),
    ];
    const heard: string[] = [];
    for (const [name, client] of Object.entries({ lantian, sensor, other })) {
      client.on('message', (topic) => heard.push(`${name} ${topic}`));
      await client.subscribeAsync('lantian/v1/#', { qos: 1 });
    }
    await sensor.publishAsync(READING, '{}', { qos: 1 });
    await sensor.publishAsync(SIGNAL, 'false alarm', { qos: 1 });
    await lantian.publishAsync(SIGNAL, '{}', { qos: 1, retain: true });
    await expect.poll(() => heard.length, { timeout: 5000 }).toBe(4);
    expect(heard.sort()).toEqual([`lantian ${READING}`, `lantian ${SIGNAL}`, `other ${SIGNAL}`, `sensor ${SIGNAL}`]);
  });

  test('keeps what comes while Lantian is away, also over its own restart: more than the default of 1,000', async () => {
    const broker = await start();
    const session: IClientOptions = {
      clientId: 'lantian',
      clean: false,
      protocolVersion: 5,
      properties: { sessionExpiryInterval: 600 },
    };
    const first = await login(broker, 'lantian', 'one', session);
    await first.subscribeAsync('lantian/v1/+/+/+', { qos: 1 });
    await first.endAsync();
    const sensor = await login(broker, 'sensors', 'two');
    await Promise.all(Array.from({ length: 3000 }, (_, i) => sensor.publishAsync(READING, `{"n":${i}}`, { qos: 1 })));
    await sensor.endAsync();
    await broker.restart();
    const numbers: number[] = [];
    const again = connect(broker.url, { username: 'lantian', password: 'one', ...session });
    clients.push(again);
    again.on('message', (_topic, payload) => numbers.push((JSON.parse(payload.toString()) as { n: number }).n));
    await expect.poll(() => numbers.length, { timeout: 20_000 }).toBe(3000);
    expect(numbers).toEqual(Array.from({ length: 3000 }, (_, i) => i));
  });
});
