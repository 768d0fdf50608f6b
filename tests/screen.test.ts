import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { createScreen, type ScreenStatus } from '../src/cli/screen.ts';
import { cutTo, padTo, plain, widthOf } from '../src/cli/width.ts';
import { noCounts } from '../src/core/counts.ts';
import type { Figure, Reading, Signal } from '../src/core/types.ts';
import { Terminal } from './support/terminal.ts';

const T = Date.parse('2016-07-20T08:00:00+08:00');

const signal = (over: Partial<Signal> = {}): Signal => ({
  id: '140430/weather-response/rainstorm/2016-07-20T00:00:00Z',
  version: 1,
  county: '140430',
  kind: 'weather-response',
  subject: 'rainstorm',
  level: 'II',
  state: 'proposed',
  since: '2016-07-20T00:00:00Z',
  at: '2016-07-20T00:00:00Z',
  title: { zh: '暴雨Ⅱ级响应', en: 'Rainstorm response, level II' },
  basis: { document: '沁政办发〔2021〕19号', clause: '附件6' },
  evidence: [
    {
      station: 'dingchang-weather',
      quantity: 'rain_12h',
      value: 104.2,
      unit: 'mm',
      from: '2016-07-19T12:00:00Z',
      to: '2016-07-20T00:00:00Z',
    },
  ],
  lacking: ['forecast guocun 12 h'],
  ...over,
});

const reading: Reading = {
  feed: 'air',
  station: 'dingchang-air',
  time: T,
  start: T - 3_600_000,
  values: { pm25: 35.25, pm10: 60 },
};
const figure: Figure = {
  measurement: 'air_hour',
  station: 'dingchang-air',
  start: T - 3_600_000,
  end: T,
  fields: { pm25: 35.25, count: 1, valid: true },
};

const status = (received: number, over: Partial<ScreenStatus> = {}): ScreenStatus => ({
  counts: {
    ...noCounts(),
    received,
    outcomes: { stored: received - 3, duplicate: 0, quarantined: 3 },
    readings: { air: 1200, weather: 34 },
    figures: { air_hour: 5, air_day: 2 },
    outboxPoints: { embedded: 4, influx: 6 },
  },
  signalsInForce: 2,
  ...over,
});

const clockAt = (start: number) => {
  const clock = { time: start, now: () => clock.time };
  return clock;
};

/** A stream that is no terminal: what was written. */
const file = () => {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text) };
};

describe('width of text', () => {
  test('Chinese takes two columns, combining marks and colours none', () => {
    expect(widthOf('沁县 PM2.5')).toBe(10);
    expect(widthOf('e\u0301')).toBe(1);
    expect(widthOf('\u001b[31m红\u001b[39m')).toBe(2);
    expect(widthOf('，（）')).toBe(6);
    expect(widthOf('\u{20BB7}野家')).toBe(6);
  });

  test('a cut never splits a wide character, and colours still end', () => {
    expect(cutTo('暴雨响应', 5)).toBe('暴雨…');
    expect(cutTo('暴雨响应', 6)).toBe('暴雨…');
    expect(cutTo('暴雨响应', 8)).toBe('暴雨响应');
    expect(cutTo('\u001b[31m暴雨响应\u001b[39m', 5)).toBe('\u001b[31m暴雨…\u001b[39m');
    for (let columns = 1; columns < 12; columns++)
      expect(widthOf(cutTo('a暴b雨c响d应', columns))).toBeLessThanOrEqual(columns);
  });

  test('padding counts columns, not characters', () => {
    expect(padTo('站点', 6)).toBe('站点  ');
    expect(padTo('site', 6)).toBe('site  ');
  });

  test('text from outside cannot move the cursor', () => {
    expect(plain('a\u001b[2Jb\u0007\nc')).toBe('a�[2Jb��c');
  });
});

describe('where there is no terminal', () => {
  const started = () => {
    const out = file();
    const clock = clockAt(T);
    return { out, clock, screen: createScreen({ stream: out, color: false, now: clock.now }) };
  };

  test('the table is aligned, and says what to try', () => {
    const { out, screen } = started();
    screen.started([
      { what: '消息服务器 broker', where: 'mqtt://127.0.0.1:18830' },
      { what: 'HTTP', where: 'http://127.0.0.1:8080/' },
    ]);
    const lines = out.written.join('').split('\n');
    const column = (needle: string) => {
      const line = lines.find((one) => one.includes(needle)) ?? '';
      return widthOf(line.slice(0, line.indexOf(needle)));
    };
    expect(column('mqtt://127')).toBe(column('http://127.0.0.1:8080/'));
    expect(lines.join('\n')).toContain("mosquitto_sub -h 127.0.0.1 -p 18830 -v -t 'lantian/v1/+/signal/#'");
    expect(lines.join('\n')).toContain('open in a browser:  http://127.0.0.1:8080/');
    expect(lines.join('\n')).toContain('Ctrl-C');
  });

  test('every change of a signal is one line with level, state, title and evidence', () => {
    const { out, screen } = started();
    screen.line({ type: 'signal', signal: signal() });
    screen.line({ type: 'signal', signal: signal({ version: 2, state: 'agreed', at: '2016-07-20T00:05:00Z' }) });
    expect(out.written).toEqual([
      '07-20 08:00 ● 信号 signal [II] weather-response/rainstorm 建议发布 proposed 暴雨Ⅱ级响应 Rainstorm response, level II · 证据 evidence 1 · 缺 lacking 1\n',
      '07-20 08:05 ● 信号 signal [II] weather-response/rainstorm 已同意 agreed 暴雨Ⅱ级响应 Rainstorm response, level II · 证据 evidence 1 · 缺 lacking 1\n',
    ]);
  });

  test('readings and figures are sampled, each kind for itself', () => {
    const { out, clock, screen } = started();
    for (let second = 0; second < 25; second++) {
      screen.line({ type: 'reading', reading });
      screen.line({ type: 'figure', figure });
      clock.time += 1000;
    }
    expect(out.written.filter((line) => line.includes('reading'))).toHaveLength(3);
    expect(out.written.filter((line) => line.includes('figure'))).toHaveLength(3);
    expect(out.written[0]).toBe('读数   reading air dingchang-air 07-20 08:00  pm25 35.25  pm10 60\n');
    expect(out.written[1]).toContain('air_hour dingchang-air 07-20 07:00 – 07-20 08:00  pm25 35.25');
  });

  test('the status is one plain line without a single escape', () => {
    const { out, clock, screen } = started();
    clock.time += 1000;
    screen.refresh(status(100));
    clock.time += 5000;
    screen.refresh(status(2600));
    expect(out.written).toHaveLength(2);
    expect(out.written[1]).toBe(
      '08:00:06 报文 messages 2,600 (500/s) · 读数 readings 1,234 · 统计值 figures 7 · 生效信号 signals in force 2 · 隔离 quarantined 3 · 待写 outbox 10\n',
    );
    expect(out.written.join('')).not.toContain('\u001b');
  });
});

describe('colours', () => {
  const colourOf = (over: Partial<Signal>): string => {
    const out = file();
    createScreen({ stream: out, color: true, now: () => T }).line({ type: 'signal', signal: signal(over) });
    const head = out.written.join('');
    return head.slice(0, head.indexOf('●')).split('\u001b').at(-1) ?? '';
  };

  test('follow the level, and the end of a signal', () => {
    expect(colourOf({ level: 'I' })).toBe('[31m');
    expect(colourOf({ level: 'II' })).toBe('[38;5;208m');
    expect(colourOf({ level: 'III' })).toBe('[33m');
    expect(colourOf({ level: 'IV' })).toBe('[34m');
    expect(colourOf({ level: 'orange' })).toBe('[38;5;208m');
    expect(colourOf({ level: 'I', state: 'lifted' })).toBe('[32m');
  });

  test('class I of a water section is no alarm of level I', () => {
    expect(colourOf({ kind: 'water-section', level: 'I' })).not.toBe(colourOf({ level: 'I' }));
  });
});

describe('on a terminal', () => {
  const started = (columns: number) => {
    const terminal = new Terminal(columns);
    const clock = clockAt(T);
    return { terminal, clock, screen: createScreen({ stream: terminal, color: true, now: clock.now }) };
  };
  const blocks = (terminal: Terminal): number => terminal.text().split('报文 messages').length - 1;

  test.each([24, 40, 80, 200])('the block stays single and last, %i columns wide', (columns) => {
    const { terminal, clock, screen } = started(columns);
    screen.started([{ what: 'HTTP', where: 'http://127.0.0.1:8080' }]);
    for (let second = 1; second <= 10; second++) {
      clock.time += 1000;
      screen.refresh(status(second * 1000));
      screen.line({ type: 'signal', signal: signal({ version: second }) });
      screen.line({ type: 'reading', reading });
    }
    screen.stop();
    expect(blocks(terminal)).toBe(1);
    // A signal may wrap at the window's edge; a blank there ends a row.
    const shown = terminal.rows.join('');
    expect(shown.split('● 信号').length - 1).toBe(10);
    expect(shown.lastIndexOf('10,000')).toBeGreaterThan(shown.lastIndexOf('● 信号'));
    expect({ row: terminal.row, column: terminal.column }).toEqual({ row: terminal.rows.length - 1, column: 0 });
  });

  test('a window made narrower leaves no remains of the old block', () => {
    const { terminal, clock, screen } = started(120);
    screen.refresh(status(1000));
    // The terminal wraps what is there: write the same rows again at the new width.
    const rows = terminal.rows.slice(0, -1);
    terminal.columns = 30;
    Object.assign(terminal, { rows: [''], row: 0, column: 0 });
    terminal.write(rows.map((row) => `${row}\n`).join(''));
    clock.time += 1000;
    screen.refresh(status(2000));
    expect(blocks(terminal)).toBe(1);
    expect(terminal.text()).toContain('2,000');
    expect(terminal.text()).not.toContain('1,000 ');
  });

  test('only ever moves up and clears down: no hidden cursor, no other screen', () => {
    const { terminal, clock, screen } = started(80);
    for (const received of [10, 20, 30]) {
      clock.time += 1000;
      screen.refresh(status(received));
      screen.line({ type: 'reading', reading });
    }
    screen.stop();
    expect(terminal.moves.length).toBeGreaterThan(0);
    expect(terminal.moves.map((move) => move.at(-1)).every((letter) => letter === 'A' || letter === 'J')).toBe(true);
  });

  test('after stop nothing is drawn', () => {
    const { terminal, screen } = started(80);
    screen.watch(() => status(5));
    screen.stop();
    const before = terminal.text();
    expect(before).toContain('messages 5');
    screen.refresh(status(6));
    screen.line({ type: 'signal', signal: signal() });
    screen.stop();
    expect(terminal.text()).toBe(before);
  });
});

test('watch asks by itself, about once a second on a terminal, and does not keep the process alive', () => {
  const script = `
    import { createScreen } from './src/cli/screen.ts';
    import { noCounts } from './src/core/counts.ts';
    const stream = { isTTY: true, columns: 80, write: (text) => process.stdout.write(text) };
    const screen = createScreen({ stream, color: false, now: Date.now });
    let asked = 0;
    screen.watch(() => ({ counts: { ...noCounts(), received: ++asked }, signalsInForce: 0 }));
    setTimeout(() => {}, 2500);
  `;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 20_000 });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  expect(run.stdout.split('报文 messages').length - 1).toBe(2);
});
