// Lives of weather responses, step by step, as the register keeps them.
import type { Evidence, Signal, SignalState } from '../../src/core/types.ts';
import { inState } from '../../src/signals/life.ts';

export const observed: Evidence = {
  station: 'dingchang-weather',
  quantity: 'rain_24h',
  value: 104.2,
  unit: 'mm',
  from: '2026-07-19T00:00:00Z',
  to: '2026-07-20T00:00:00Z',
};
export const forecast: Evidence = {
  station: 'guocun',
  quantity: 'forecast_rain_24h',
  value: 60,
  unit: 'mm',
  from: '2026-07-20T01:00:00Z',
  to: '2026-07-21T01:00:00Z',
};

export const begun: Signal = {
  id: '140430/weather-response/rainstorm/2026-07-20T00:00:00Z',
  version: 1,
  county: '140430',
  kind: 'weather-response',
  subject: 'rainstorm',
  level: 'III',
  state: 'proposed',
  since: '2026-07-20T00:00:00Z',
  at: '2026-07-20T00:00:00Z',
  title: { zh: '暴雨应急响应', en: 'Rainstorm response' },
  basis: { document: '沁政办发〔2021〕19号', clause: '附件6 (1) 暴雨' },
  evidence: [observed, forecast],
  lacking: ['forecast rain 24h: 故县镇'],
  in_force: null,
  level_since: '2026-07-20T00:00:00Z',
};

const hours = (count: number): string => `2026-07-20T0${count}:00:00Z`;
/** A person's step, so many hours on. */
export const step = (signal: Signal, state: SignalState, hour: number): Signal => inState(signal, state, hours(hour));
/** What the thresholds say next. */
export const next = (signal: Signal, hour: number, changed: Partial<Signal>): Signal => ({
  ...signal,
  ...changed,
  version: signal.version + 1,
  at: hours(hour),
});

/** From Ⅲ to Ⅱ and to its end: proposed, agreed, signed; Ⅱ proposed, signed; its end proposed, lifted. */
export const wholeLife = (): Signal[] => {
  const agreed = step(begun, 'agreed', 1);
  const signed = step(agreed, 'active', 2);
  const higher = next(signed, 3, { level: 'II', state: 'proposed', level_since: hours(3) });
  const signedHigher = step(higher, 'active', 4);
  const ending = next(signedHigher, 5, { state: 'lift-proposed', lacking: [] });
  return [begun, agreed, signed, higher, signedHigher, ending, step(ending, 'lifted', 6)];
};
