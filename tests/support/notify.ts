// Signals, rules and receivers for tests of notifications.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll } from 'vitest';
import { loadCatalog } from '../../src/config/catalog.ts';
import { isoUtc } from '../../src/core/time.ts';
import type { Signal } from '../../src/core/types.ts';

export const CATALOG = loadCatalog('sensors/counties', '140430');

/** A signal about rain in 郭村镇, as the pipeline publishes it. */
export const signalOf = (over: Partial<Signal> = {}): Signal => {
  const { kind = 'weather-response', subject = 'rainstorm', since = '2026-07-20T00:00:00Z' } = over;
  return {
    id: `140430/${kind}/${subject}/${since}`,
    version: 1,
    county: '140430',
    ...{ kind, subject, since, at: since, level: 'IV', state: 'proposed', lacking: [], in_force: null },
    title: { zh: '暴雨应急响应', en: 'Rainstorm response' },
    basis: { document: '沁政办发〔2021〕19号', clause: '附件6 (1)' },
    evidence: [
      {
        ...{ station: 'guocun', quantity: 'forecast_rain_24h', value: 66.5, unit: 'mm' },
        ...{ from: '2026-07-20T00:00:00Z', to: '2026-07-21T00:00:00Z' },
      },
    ],
    ...over,
  };
};

/** The same signal one version on. */
export const next = (signal: Signal, over: Partial<Signal>): Signal => ({
  ...signal,
  version: signal.version + 1,
  at: isoUtc(Date.parse(signal.at) + 1000),
  ...over,
});

export const topicOf = ({ county, kind, subject }: Signal): string => `lantian/v1/${county}/signal/${kind}/${subject}`;

export interface Hook {
  /** When it came, epoch ms. */
  readonly at: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Record<string, unknown>;
}

export interface Hooks {
  readonly url: string;
  /** What came, by the first part of the path. */
  of(name: string): Hook[];
  /** What a path answers from now on: status and body; `hang`: nothing. */
  answer(name: string, answer: readonly [status: number, body: object] | 'hang'): void;
}

const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

/** A server that stands for the robots and the gateway, and answers as they document it. */
export const startHooks = async (): Promise<Hooks> => {
  const came: Hook[] = [];
  const answers = new Map<string, readonly [number, object] | 'hang'>();
  const nameOf = (path: string): string => path.split(/[/?]/)[1]!;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const path = request.url!;
      came.push({ at: Date.now(), path, headers: request.headers, body: JSON.parse(Buffer.concat(pieces).toString()) });
      const answer = answers.get(nameOf(path)) ?? [200, { errcode: 0, code: 0 }];
      if (answer === 'hang') return;
      response.writeHead(answer[0], { 'content-type': 'application/json' }).end(JSON.stringify(answer[1]));
    });
  });
  const port = await listening(server);
  ends.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return {
    url: `http://127.0.0.1:${port}`,
    of: (name) => came.filter(({ path }) => nameOf(path) === name),
    answer: (name, answer) => void answers.set(name, answer),
  };
};

export interface Mail {
  readonly to: readonly string[];
  /** As it came: headers and body, encoded. */
  readonly raw: string;
}

export interface MailServer {
  readonly port: number;
  readonly mails: readonly Mail[];
  /** Whether it refuses whom mails are for, from now on. */
  refuse(on: boolean): void;
}

/** A mail server that takes everything until it is told to refuse. */
export const startMail = async (): Promise<MailServer> => {
  const mails: Mail[] = [];
  let refuses = false;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) => done(refuses ? new Error('mailbox unavailable') : null),
    onData: (stream, session, done) => {
      let raw = '';
      stream.on('data', (piece: Buffer) => {
        raw += piece.toString();
      });
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw });
        done();
      });
    },
  });
  const port = await listening(server.server as unknown as Server);
  ends.push(() => new Promise((resolve) => server.close(() => resolve())));
  return {
    port,
    mails,
    refuse: (on) => {
      refuses = on;
    },
  };
};

/** Text of a mail in base64 or quoted-printable. */
export const mailText = ({ raw }: Mail): string => {
  const [head, ...rest] = raw.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/transfer-encoding: base64/i.test(head!)) return Buffer.from(body, 'base64').toString();
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
};
