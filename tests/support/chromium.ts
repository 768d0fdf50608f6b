// A real Chromium without a window, spoken to over its debugging port: what a page looks like on A4, and the PDF that it prints.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { findProgram, tempFolder } from './servers.ts';
import { until } from './until.ts';

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly error?: { message: string };
  readonly result?: Record<string, unknown>;
}

export interface Page {
  /** Value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** The page printed as its own styles say. */
  pdf(): Promise<Pdf>;
}

export interface Pdf {
  readonly pages: number;
  /** Sizes of the pages, mm. */
  readonly sizes: readonly (readonly [width: number, height: number])[];
}

const PATIENCE = { within: 30_000 };
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

const launch = async (): Promise<string> => {
  const folder = tempFolder('chromium');
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--remote-debugging-port=0',
  ];
  const binary = findProgram('chromium', 'chromium');
  // A session of its own, so that all its processes can be ended together.
  const child = spawn(binary, [...options, `--user-data-dir=${folder}`, 'about:blank'], {
    stdio: 'ignore',
    detached: true,
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  ends.push(async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await exited;
  });
  const file = join(folder, 'DevToolsActivePort');
  await until('Chromium listens', () => existsSync(file) && readFileSync(file, 'utf8').includes('/devtools'), PATIENCE);
  return readFileSync(file, 'utf8').split('\n')[0]!;
};

/** One browser a test file, a tab a page. */
let browser: Promise<string> | undefined;

type Send = (method: string, params?: object) => Promise<Record<string, unknown>>;

const connect = async (port: string) => {
  const tab = await fetch(`http://127.0.0.1:${port}/json/new?about:blank`, { method: 'PUT' });
  const { webSocketDebuggerUrl } = (await tab.json()) as { webSocketDebuggerUrl: string };
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error('no connection to Chromium')), { once: true });
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  const events = new Set<string>();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
    if (answer.method !== undefined) events.add(answer.method);
  });
  let last = 0;
  const send = async (method: string, params: object = {}): Promise<Record<string, unknown>> => {
    const id = ++last;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const { error, result } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  };
  return { send, events };
};

const MM = 25.4 / 72;
const pdfOf = (bytes: Buffer): Pdf => {
  const text = bytes.toString('latin1');
  const boxes = [...text.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
  return {
    pages: [...text.matchAll(/\/Type \/Page\b(?!s)/g)].length,
    sizes: boxes.map(([, width, height]) => [Math.round(Number(width) * MM), Math.round(Number(height) * MM)]),
  };
};

const evaluator =
  (send: Send) =>
  async <T>(expression: string): Promise<T> => {
    const answer = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    const { exceptionDetails } = answer as {
      exceptionDetails?: { text: string; exception?: { description?: string } };
    };
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return (answer['result'] as { value: T }).value;
  };

/** A tab of its own, as wide as asked, once its page is loaded. */
const openTab = async (url: string, width: number, height: number, media: 'print' | 'screen') => {
  browser ??= launch();
  const { send, events } = await connect(await browser);
  await send('Page.enable');
  await send('Emulation.setEmulatedMedia', { media });
  await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  events.clear();
  await send('Page.navigate', { url });
  await until(`${url} is loaded`, () => events.has('Page.loadEventFired'), PATIENCE);
  return send;
};

/**
 * A page as it is on paper, its window as wide as the sheet between its margins.
 * @param millimetres width of what is printed on
 */
export const openOnPaper = async (url: string, millimetres: number): Promise<Page> => {
  const send = await openTab(url, Math.floor((millimetres / 25.4) * 96), 900, 'print');
  return {
    evaluate: evaluator(send),
    pdf: async () => {
      const { data } = await send('Page.printToPDF', { preferCSSPageSize: true, printBackground: true });
      return pdfOf(Buffer.from(String(data), 'base64'));
    },
  };
};

export interface Screen {
  /** Value of an expression in the page, awaited; what it throws is thrown. */
  evaluate<T>(expression: string): Promise<T>;
  /** What is on the screen, as PNG. */
  picture(): Promise<Buffer>;
}

/** A page as it is on a screen, in a browser session of its own. Sizes in CSS pixels. */
export const openOnScreen = async (url: string, width: number, height: number): Promise<Screen> => {
  const send = await openTab(url, width, height, 'screen');
  return {
    evaluate: evaluator(send),
    picture: async () => {
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(String(data), 'base64');
    },
  };
};
