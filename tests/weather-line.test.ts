// A serial weather station's lines, and the rain of its counter.
import { expect, test } from 'vitest';
import { countRain } from '../flows/nodes/lib/rain-counter.ts';
import { BadLine, readWeatherLine } from '../flows/nodes/lib/weather-line.ts';
import { HOUR, MINUTE } from '../src/core/time.ts';

const T = Date.UTC(2026, 6, 20, 0);

test('a line of all groups gives the quantities that the feed has', () => {
  const line =
    '0R0,Dn=236D,Dm=283D,Dx=031D,Sn=0.0M,Sm=0.6M,Sx=1.1M,Ta=23.6C,Ua=14.2P,Pa=1025.6H,Rc=0.00M,Rd=0s,Th=25.9C,Vs=12.0V,Id=HEL';
  expect(readWeatherLine(`${line}\r\n`)).toEqual({
    address: '0',
    values: { wind_direction: 283, wind_speed: 0.6, gust: 1.1, temperature: 23.6, humidity: 14.2, pressure: 1025.6 },
    rainTotal: 0,
  });
});

test('units are converted as the letter says', () => {
  const of = (text: string) => readWeatherLine(`1R2,${text}`).values;
  expect(of('Sm=36.0K')).toEqual({ wind_speed: 10 });
  expect(of('Sx=10.0N')).toEqual({ gust: 5.144444444 });
  expect(of('Sm=10.0S')).toEqual({ wind_speed: 4.4704 });
  expect(of('Ta=-40.0F')).toEqual({ temperature: -40 });
  expect(of('Pa=101325.0P')).toEqual({ pressure: 1013.25 });
  expect(of('Pa=1.013B')).toEqual({ pressure: 1013 });
  // The standard atmosphere is 760 mm or 29.9213 in of mercury.
  expect(of('Pa=760.0M')['pressure']).toBeCloseTo(1013.25, 3);
  expect(of('Pa=29.9213I')['pressure']).toBeCloseTo(1013.25, 2);
  expect(readWeatherLine('0R3,Rc=1.00I').rainTotal).toBe(25.4);
});

test('a value that the station calls invalid is absent, not zero', () => {
  expect(readWeatherLine('0R0,Sm=0.0#,Ta=1.0C')).toEqual({ address: '0', values: { temperature: 1 } });
  expect(readWeatherLine('0R3,Rc=0.0#')).toEqual({ address: '0', values: {} });
});

test('a line that is not of the form is refused whole, and the words say where', () => {
  expect(() => readWeatherLine('$GPGGA,1,2')).toThrow(/not a line such as/);
  expect(() => readWeatherLine('0R0,')).toThrow(/not a line such as/);
  expect(() => readWeatherLine('0R0,Ta=2x.6C')).toThrow(/"Ta=2x.6C"/);
  expect(() => readWeatherLine('0R0,Ta=23.6C,')).toThrow(/""/);
  expect(() => readWeatherLine('0R0,Ta=23.6K')).toThrow(/Ta: .*unknown unit K, not one of C F/);
  expect(() => readWeatherLine('0R0,Ta=99.0C')).toThrow(/temperature 99 .*not within -100 to 70/);
  expect(() => readWeatherLine('0R0,Rc=-1.0M')).toThrow(/below 0/);
});

const line = (rainTotal: number, values = { temperature: 20 }) => ({ address: '0', values, rainTotal });

test('rain is what the counter gained, over exactly the time between two lines; the first line tells none', () => {
  const first = countRain(line(12.4), undefined, T + 400);
  expect(first.payloads).toEqual([{ time: T, values: { temperature: 20 } }]);
  const second = countRain(line(13.9), first.state, T + MINUTE + 700);
  expect(second.payloads).toEqual([{ time: T + MINUTE, period: 'PT1M', values: { temperature: 20, rain: 1.5 } }]);
  const third = countRain(line(13.9), second.state, T + 2 * MINUTE);
  expect(third.payloads).toEqual([{ time: T + 2 * MINUTE, period: 'PT1M', values: { temperature: 20, rain: 0 } }]);
});

test('a counter that was set back began at zero', () => {
  const { payloads } = countRain(line(0.3), { at: T, total: 99 }, T + 5 * MINUTE);
  expect(payloads[0]?.values['rain']).toBe(0.3);
});

test('after a gap the rain of the gap is a reading of its own, and the other values are of the moment', () => {
  const { payloads, state } = countRain(line(60), { at: T, total: 10 }, T + 3 * HOUR);
  expect(payloads).toEqual([
    { time: T + 3 * HOUR, values: { temperature: 20 } },
    { time: T + 3 * HOUR, period: 'PT3H', values: { rain: 50 } },
  ]);
  expect(state).toEqual({ at: T + 3 * HOUR, total: 60 });
});

test('a counter that leaps beyond what can fall was misread: the next line does not take it for a reset', () => {
  const { state } = countRain(line(480.2), undefined, 0);
  expect(() => countRain(line(4480.2), state, MINUTE)).toThrow(BadLine);
  expect(countRain(line(480.4), state, 2 * MINUTE).payloads).toEqual([
    { time: 2 * MINUTE, period: 'PT2M', values: { temperature: 20, rain: 0.2 } },
  ]);
});

test('lines without rain leave the counter where it was; a clock that was set back counts nothing twice', () => {
  const state = { at: T, total: 10 };
  expect(countRain({ address: '0', values: { humidity: 50 } }, state, T + MINUTE)).toEqual({
    payloads: [{ time: T + MINUTE, values: { humidity: 50 } }],
    state,
  });
  expect(countRain(line(11), state, T - HOUR).state).toEqual(state);
});
