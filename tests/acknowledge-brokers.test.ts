import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BrokerOptions } from '../src/intake/acknowledge.ts';
import { createLink, type Link } from './support/link.ts';
import {
  connected,
  ends,
  heardAll,
  listen,
  numbers,
  optionsOf,
  publish,
  publisher,
  QUIET,
} from './support/listening.ts';
import { findProgram, type Server, startMosquitto, tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

// Bounds, passwords, TLS and several brokers of src/intake/acknowledge.ts, with Mosquitto.

describe('what is in flight is bounded', () => {
  it('by Receive Maximum (MQTT 5)', async () => {
    const broker = await startMosquitto();
    const us = listen(optionsOf(broker.port, { inFlight: 7 }));
    await connected(us);
    await sleep(QUIET);
    await publish(await publisher(broker.url), 0, 60);
    await heardAll(us, numbers(0, 7));
    await sleep(QUIET);
    expect(us.texts()).toEqual(numbers(0, 7));
  });

  it.each([
    ['Mosquitto 2.0.11, which forgets Receive Maximum after the first acknowledgement', 5],
    ['MQTT 3.1.1, which has none', 4],
  ])('also with %s: at most one more', async (_, protocol) => {
    const broker = await startMosquitto({ config: protocol === 4 ? 'max_inflight_messages 0' : '' });
    const us = listen(optionsOf(broker.port, { inFlight: 7, protocol }));
    await connected(us);
    await sleep(QUIET);
    await publish(await publisher(broker.url), 0, 60);
    let most = 0;
    for (let i = 0; i < 60; i++) {
      await until(`message ${i}`, () => us.heard.length > i);
      if (i < 3) await sleep(QUIET);
      most = Math.max(most, us.heard.length - i);
      us.heard[i]!.acknowledge();
    }
    expect(us.texts()).toEqual(numbers(0, 60));
    expect(most).toBeLessThanOrEqual(8);
  });

  it('two thousand, the default, are under way at once', async () => {
    const broker = await startMosquitto();
    const us = listen(optionsOf(broker.port));
    await connected(us);
    await sleep(QUIET);
    await publish(await publisher(broker.url), 0, 2500);
    await heardAll(us, numbers(0, 2000));
    await sleep(QUIET);
    expect(us.heard.length).toBe(2000);
  });
});

describe('a connection lasts', () => {
  const linked = async (port: number): Promise<Link> => {
    const link = await createLink(port);
    ends.push(link.close);
    return link;
  };
  const connections = (link: Link): number => new Set(link.passed.map(({ connection }) => connection)).size;

  it('while nothing is acknowledged and reading waits, longer than the keepalive', async () => {
    const broker = await startMosquitto();
    const link = await linked(broker.port);
    const us = listen(optionsOf(link.port, { inFlight: 7, keepalive: 1000 }));
    await connected(us);
    await sleep(QUIET);
    await publish(await publisher(broker.url), 0, 60);
    await heardAll(us, numbers(0, 7));
    us.heard[0]!.acknowledge();
    await sleep(4000);
    expect(connections(link)).toBe(1);
    for (let i = 1; i < 60; i++) {
      await until(`message ${i}`, () => us.heard.length > i);
      us.heard[i]!.acknowledge();
    }
    expect(us.texts()).toEqual(numbers(0, 60));
  });

  it.each([0, 1] as const)('while messages come at QoS %i and the answers to pings are late', async (qos) => {
    const broker = await startMosquitto();
    const link = await linked(broker.port);
    const us = listen(optionsOf(link.port, { keepalive: 1000 }));
    await connected(us);
    await sleep(QUIET);
    link.pingless = true;
    const sender = await publisher(broker.url);
    for (let i = 0; i < 40; i++) {
      await sender.publishAsync('lantian/v1/140430/air/dingchang-air', String(i), { qos });
      await sleep(100);
    }
    expect(connections(link)).toBe(1);
    expect(us.heard.length).toBe(40);
  });

  it('no longer, when the broker says nothing at all', async () => {
    const broker = await startMosquitto();
    const us = listen(optionsOf(broker.port, { keepalive: 1000 }));
    await connected(us);
    process.kill(broker.pid!, 'SIGSTOP');
    await until('noticed', () => !us.client.connected(), { within: 5000 });
    process.kill(broker.pid!, 'SIGCONT');
    await connected(us);
  });
});

describe('who may', () => {
  const withPasswords = async (): Promise<{ broker: Server; setPassword(word: string): Promise<void> }> => {
    const folder = tempFolder('mosquitto');
    const file = join(folder, 'passwords');
    const write = (word: string) => {
      writeFileSync(file, `lantian:${word}\n`, { mode: 0o600 });
      execFileSync(findProgram('mosquitto_passwd', 'mosquitto'), ['-U', file]);
    };
    write('right');
    // The later line counts, for all listeners.
    const broker = await startMosquitto({ folder, config: `allow_anonymous false\npassword_file ${file}` });
    return {
      broker,
      setPassword: async (word) => {
        write(word);
        await broker.restart();
      },
    };
  };

  it.each([5, 4])('user and password, protocol %i', async (protocol) => {
    const { broker, setPassword } = await withPasswords();
    const right = listen(optionsOf(broker.port, { protocol, clientId: 'a', username: 'lantian', password: 'right' }));
    await connected(right);
    const wrong = listen(optionsOf(broker.port, { protocol, clientId: 'b', username: 'lantian', password: 'other' }));
    await until('refused', () => wrong.client.lastError() !== undefined);
    expect(wrong.client.lastError()).toMatch(/refused: (Not authorized|Bad username or password)/i);
    expect(wrong.client.connected()).toBe(false);
    expect(wrong.client.since()).toBeUndefined();
    // Someone mends the password at the broker: no restart of ours is needed.
    await setPassword('other');
    await connected(wrong);
    expect(wrong.client.lastError()).toBeUndefined();
    await until('refused', () => /refused/i.test(right.client.lastError() ?? ''));
  });
});

describe('TLS', () => {
  const folder = tempFolder('certificates');
  const path = (name: string): string => join(folder, name);
  const openssl = (...parameters: string[]): void => {
    execFileSync(findProgram('openssl', 'openssl'), parameters, { cwd: folder, stdio: 'pipe' });
  };
  const key = (name: string): void =>
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  const authority = (name: string): void => {
    key(name);
    openssl('req', '-x509', '-new', '-key', `${name}.key`, '-days', '2', '-subj', `/CN=${name}`, '-out', `${name}.pem`);
  };
  const signed = (name: string, by: string): void => {
    key(name);
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
    writeFileSync(path(`${name}.ext`), 'subjectAltName=IP:127.0.0.1\n');
    const issuer = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial'];
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...issuer,
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    );
  };
  let broker: Server;
  beforeAll(async () => {
    authority('county');
    authority('stranger');
    signed('server', 'county');
    signed('lantian', 'county');
    signed('other', 'stranger');
    const tls = ['cafile county.pem', 'certfile server.pem', 'keyfile server.key'].map((line) =>
      line.replace(' ', ` ${folder}/`),
    );
    broker = await startMosquitto({ config: `${tls.join('\n')}\nrequire_certificate true` });
  });
  const options = (over: Partial<BrokerOptions>): BrokerOptions =>
    optionsOf(broker.port, { url: `mqtts://127.0.0.1:${broker.port}`, ...over });
  const own = () => ({ cert: path('lantian.pem'), key: path('lantian.key') });

  it('a broker of our authority, and our own certificate', async () => {
    const us = listen(options({ ca: path('county.pem'), ...own() }));
    await connected(us);
    await sleep(QUIET);
    const files = { ca: readFileSync(path('county.pem')) };
    const sender = await publisher(`mqtts://127.0.0.1:${broker.port}`, {
      ...files,
      cert: readFileSync(path('lantian.pem')),
      key: readFileSync(path('lantian.key')),
    });
    await publish(sender, 0, 5);
    await heardAll(us, numbers(0, 5));
  });

  it.each([
    ['an authority that we do not know', () => ({ ca: path('stranger.pem'), ...own() }), /certificate/i],
    ['no authority named', () => own(), /certificate/i],
    ['no certificate of ours', () => ({ ca: path('county.pem') }), /certificate|alert|closed|ECONNRESET/i],
    [
      'a certificate of a stranger',
      () => ({ ca: path('county.pem'), cert: path('other.pem'), key: path('other.key') }),
      /certificate|alert|unknown ca|ECONNRESET/i,
    ],
  ])('%s: no connection, and why', async (_, files, words) => {
    const us = listen(options(files()));
    await until('refused', () => us.client.lastError() !== undefined);
    expect(us.client.lastError()).toMatch(words);
    await sleep(QUIET);
    expect(us.client.connected()).toBe(false);
    expect(us.heard).toEqual([]);
  });
});

describe('several brokers', () => {
  it('each is heard; one that ends does not disturb the other', async () => {
    const brokers = [await startMosquitto(), await startMosquitto()];
    const us = brokers.map(({ port }) => listen(optionsOf(port)));
    for (const one of us) await connected(one);
    await sleep(QUIET);
    const senders = await Promise.all(brokers.map(({ url }) => publisher(url)));
    await Promise.all(senders.map((sender, i) => publish(sender, i * 100, i * 100 + 100)));
    await heardAll(us[0]!, numbers(0, 100));
    await heardAll(us[1]!, numbers(100, 200));
    await brokers[0]!.kill9();
    await until('noticed', () => !us[0]!.client.connected());
    for (const { acknowledge } of us[1]!.heard) acknowledge();
    await publish(senders[1]!, 200, 210);
    await heardAll(us[1]!, numbers(100, 210));
    await brokers[0]!.restart();
    await connected(us[0]!);
  });
});
