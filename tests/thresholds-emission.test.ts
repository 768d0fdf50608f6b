// 排放超标: a valid hour's converted concentration above the permit's limit.
import { describe, expect, it } from 'vitest';
import { generate } from '../sensors/simulator/generate.ts';
import type { Catalog, Station } from '../src/core/catalog.ts';
import { HOUR, isoUtc, MINUTE } from '../src/core/time.ts';
import type { Reading, Signal } from '../src/core/types.ts';
import { at, catalogOf, createShell, PT5M, reading, station } from './support/middle.ts';
import { createRig } from './support/pipeline.ts';
import { NOW, catalog as qinxian } from './support/simulated.ts';

const KIND = 'emission';
const outlet = (id: string, more: Partial<Station> = {}): Station =>
  station(id, { emission: PT5M }, { name: { zh: '窑', en: 'Kiln' }, enterprise: 'works', ...more });
const LIMITS = { so2: 50, nox: 150 };
const catalog: Catalog = {
  ...catalogOf([
    outlet('kiln', {
      referenceOxygen: 8,
      limits: LIMITS,
      exemptStatuses: ['starting', 'stopping', 'stopped'],
    }),
    outlet('watched', { limits: LIMITS, monitored: Object.keys(LIMITS) }),
    outlet('free', { referenceOxygen: 8 }),
    outlet('spare', { limits: LIMITS, active: false }),
  ]),
  enterprises: new Map([['works', { id: 'works', name: { zh: '砖厂', en: 'Brick works' }, example: true }]]),
};
const START = at('2026-07-20 08:00');

/** An hour of readings, the `n`th after 08:00; at 8 % oxygen nothing is changed by conversion. */
const hour = (n: number, values: Reading['values'], more: Partial<Reading> = {}, count = 12): Reading[] =>
  Array.from({ length: count }, (_, i) =>
    reading('emission', 'kiln', START + n * HOUR + (i + 1) * 5 * MINUTE, 5 * MINUTE, { o2: 8, ...values }, more),
  );
const shellOf = () => createShell(catalog);
const signalsOf = (shell: { signals: Signal[] }) => shell.signals.filter(({ kind }) => kind === KIND);
const last = (shell: { signals: Signal[] }) => signalsOf(shell).at(-1);
const states = (shell: { signals: Signal[] }) => signalsOf(shell).map(({ state }) => state);

describe('raised', () => {
  it.each([
    [149.9, false],
    [150, false],
    [150.1, true],
  ])('by %d mg/m³ of 150: %s', (nox, raised) => {
    const shell = shellOf();
    shell.take(...hour(0, { nox }));
    expect(states(shell)).toEqual(raised ? ['active'] : []);
  });

  it('when the hour is over, with what is above its limit as evidence', () => {
    const shell = shellOf();
    const readings = hour(0, { nox: 200, so2: 40 });
    shell.take(...readings.slice(0, 11));
    expect(signalsOf(shell)).toEqual([]);
    shell.take(readings[11]!);
    expect(signalsOf(shell)).toEqual([
      {
        id: '140430/emission/kiln/2026-07-20T01:00:00Z',
        version: 1,
        county: '140430',
        kind: KIND,
        subject: 'kiln',
        level: null,
        state: 'active',
        since: '2026-07-20T01:00:00Z',
        at: '2026-07-20T01:00:00Z',
        title: { zh: '砖厂窑排放超标', en: 'Brick works: Kiln above its permit' },
        basis: {
          document: '排污许可证',
          clause: '许可排放浓度限值；小时均值与折算：HJ 212-2017 附录D 式(24)、(26)-(28)',
        },
        evidence: [
          {
            station: 'kiln',
            quantity: 'converted_nox',
            value: 200,
            unit: 'mg/m³',
            from: '2026-07-20T00:00:00Z',
            to: '2026-07-20T01:00:00Z',
          },
        ],
        lacking: [],
      },
    ]);
  });

  it('by the converted value: 120 at 12 % is 173.3', () => {
    const shell = shellOf();
    shell.take(...hour(0, { nox: 120, o2: 12 }));
    expect(last(shell)!.evidence[0]!.value).toBeCloseTo(1560 / 9, 8);
  });

  it('by 45 minutes at a tick, not by 40', () => {
    const of = (count: number) => {
      const shell = shellOf();
      shell.take(...hour(0, { nox: 200 }, {}, count));
      shell.tick(START + HOUR);
      return states(shell);
    };
    expect(of(9)).toEqual(['active']);
    expect(of(8)).toEqual([]);
  });

  it('not without oxygen, near that of air, in a state that is exempt, or flagged', () => {
    const shell = shellOf();
    shell.take(...hour(0, { nox: 900, o2: 20.9 }));
    shell.take(...hour(1, { nox: 900 }).map((one) => ({ ...one, values: { nox: 900 } })));
    for (const [i, status] of ['starting', 'stopping', 'stopped', 'fault', 'calibration'].entries())
      shell.take(...hour(2 + i, { nox: 900 }, { status }));
    shell.take(...hour(7, { nox: 900 }, { flags: { nox: 'D' } }));
    expect(signalsOf(shell)).toEqual([]);
  });

  it('never of an outlet without limits or out of service', () => {
    const shell = shellOf();
    for (const id of ['free', 'spare']) shell.take(...hour(0, { nox: 9000 }).map((one) => ({ ...one, station: id })));
    shell.tick(START + 2 * HOUR);
    expect(shell.figure('emission_compliance', 'free', START)).toMatchObject({ converted_nox: 9000 });
    expect(signalsOf(shell)).toEqual([]);
  });
});

describe('while it is up', () => {
  const up = () => {
    const shell = shellOf();
    shell.take(...hour(0, { nox: 200 }));
    return shell;
  };

  it('a further hour above the limit says nothing new', () => {
    const shell = up();
    shell.take(...hour(1, { nox: 180 }));
    expect(states(shell)).toEqual(['active']);
  });

  it('an analyser that stops sending what was too high holds it, however long; a value within ends it', () => {
    const shell = shellOf();
    const send = (n: number, values: Reading['values']) =>
      shell.take(...hour(n, values).map((one) => ({ ...one, station: 'watched' })));
    send(0, { nox: 200, so2: 10 });
    for (let n = 1; n < 60; n++) send(n, { so2: 10 });
    const held = shell.signal(KIND, 'watched');
    expect(held).toMatchObject({ state: 'active', lacking: [expect.stringContaining('nox')] });
    send(60, { nox: 100, so2: 10 });
    expect(shell.signal(KIND, 'watched')).toMatchObject({ state: 'lifted' });
  });

  it('a judged hour within the limits ends it, with that as evidence', () => {
    const shell = up();
    shell.take(...hour(1, { nox: 150 }));
    expect(last(shell)).toMatchObject({ version: 2, state: 'lifted', at: '2026-07-20T02:00:00Z', lacking: [] });
    expect(last(shell)!.evidence).toEqual([
      {
        station: 'kiln',
        quantity: 'converted_nox',
        value: 150,
        unit: 'mg/m³',
        from: '2026-07-20T01:00:00Z',
        to: '2026-07-20T02:00:00Z',
      },
    ]);
  });

  it.each([
    ['too few minutes', hour(1, { nox: 100 }, {}, 8), '有效数据不足 (too few minutes of valid data)'],
    [
      'no oxygen',
      hour(1, {}).map((one) => ({ ...one, values: { nox: 100 } })),
      '无含氧量，无法折算 (no oxygen, cannot be converted)',
    ],
    [
      'a fault',
      hour(1, { nox: 100 }, { status: 'fault' }),
      '启停、故障或校准 (starting, stopping, fault or calibration)',
    ],
  ])('an hour of %s changes nothing, and lacking says so', (_, readings, reason) => {
    const shell = up();
    shell.take(...readings);
    shell.tick(START + 2 * HOUR);
    expect(last(shell)).toMatchObject({
      version: 2,
      state: 'active',
      lacking: [`氮氧化物（以 NO₂ 计） (nox): ${reason}`],
    });
    expect(last(shell)!.evidence[0]!.value).toBe(200);
    // The next hour that is judged decides.
    shell.take(...hour(2, { nox: 160 }));
    expect(last(shell)).toMatchObject({ version: 3, state: 'active', lacking: [] });
    shell.take(...hour(3, { nox: 100 }));
    expect(last(shell)).toMatchObject({ version: 4, state: 'lifted' });
  });

  it('silence changes nothing', () => {
    const shell = up();
    for (let n = 2; n < 48; n++) shell.tick(START + n * HOUR);
    expect(shell.signal('station-silent', 'kiln')).toMatchObject({ state: 'active' });
    expect(states(shell)).toEqual(['active']);
  });

  it.each([
    ['stopped', hour(1, { nox: 200 }, { status: 'stopped' })],
    ['at the oxygen of air', hour(1, { nox: 200, o2: 20.8 })],
  ])('a plant that stands (%s) ends it', (_, readings) => {
    const shell = up();
    shell.take(...readings);
    expect(last(shell)).toMatchObject({ state: 'lifted' });
    expect(last(shell)!.evidence).toMatchObject([{ quantity: 'minutes_stopped', value: 60, unit: 'min' }]);
  });

  it('one that stood for less than 45 minutes does not', () => {
    const shell = up();
    shell.take(...hour(1, { nox: 200 }, { status: 'stopped' }, 8));
    shell.tick(START + 2 * HOUR);
    expect(last(shell)).toMatchObject({
      state: 'active',
      lacking: ['氮氧化物（以 NO₂ 计） (nox): 停运 (the plant stands)'],
    });
  });

  it('another quantity that is known does not answer for the one that is not', () => {
    const shell = up();
    shell.take(...hour(1, { nox: 100, so2: 10 }, { flags: { nox: 'D' } }));
    expect(last(shell)).toMatchObject({ version: 2, state: 'active' });
    shell.take(...hour(2, { nox: 100, so2: 10 }, { flags: { so2: 'D' } }));
    expect(last(shell)).toMatchObject({ version: 3, state: 'lifted' });
  });

  it('a quantity that is measured and was never known keeps it up, one that is not measured does not', () => {
    const shell = shellOf();
    shell.take(...hour(0, { nox: 200, so2: 10 }, { flags: { so2: 'D' } }));
    shell.take(...hour(1, { nox: 100, so2: 10 }, { flags: { so2: 'D' } }));
    expect(last(shell)).toMatchObject({
      state: 'active',
      lacking: ['二氧化硫 (so2): 有效数据不足 (too few minutes of valid data)'],
    });
    const plain = up();
    plain.take(...hour(1, { nox: 100 }));
    expect(last(plain)).toMatchObject({ state: 'lifted' });
  });

  it('survives a crash, and the hour after decides', () => {
    const shell = up();
    shell.crash();
    shell.take(...hour(1, { nox: 160 }));
    expect(states(shell)).toEqual(['active']);
    shell.crash();
    shell.take(...hour(2, { nox: 150 }));
    expect(states(shell)).toEqual(['active', 'lifted']);
  });

  it('an outlet that is no longer judged has none', () => {
    const shell = up();
    const signals = [...shell.state().signals.values()];
    const bare = createShell({ ...catalog, stations: new Map() });
    for (const signal of signals) bare.state().signals.set(`${signal.kind}/${signal.subject}`, signal);
    bare.tick(START + 2 * HOUR);
    expect(bare.signal(KIND, 'kiln')).toMatchObject({ state: 'lifted', title: { zh: 'kiln 已不再判定' } });
  });
});

describe('late readings', () => {
  it('that bring an hour to 45 minutes raise it', () => {
    const shell = shellOf();
    const readings = hour(0, { nox: 200 });
    shell.take(...readings.slice(0, 8), hour(1, { nox: 200 })[0]!);
    expect(signalsOf(shell)).toEqual([]);
    shell.take(readings[8]!);
    expect(states(shell)).toEqual(['active']);
  });

  it('a revision to within the limits lifts it', () => {
    const shell = shellOf();
    shell.take(...hour(0, { nox: 200 }));
    shell.take(...hour(1, { nox: 200 }, { status: 'fault' }, 3));
    shell.take(...hour(0, { nox: 100 }));
    expect(last(shell)).toMatchObject({ state: 'lifted' });
    expect(last(shell)!.evidence[0]).toMatchObject({ from: isoUtc(START), to: isoUtc(START + HOUR) });
  });

  it('an older hour does not speak against a newer one', () => {
    const shell = shellOf();
    shell.take(...hour(1, { nox: 100 }), ...hour(0, { nox: 200 }));
    expect(shell.figure('emission_compliance', 'kiln', START)).toMatchObject({ exceeded: true });
    expect(signalsOf(shell)).toEqual([]);
  });

  it('what was two days ago decides nothing more', () => {
    const shell = shellOf();
    shell.take(...hour(0, { nox: 100, so2: 100 }));
    shell.take(...hour(49, { nox: 100 }));
    expect(states(shell)).toEqual(['active', 'lifted']);
  });
});

describe('the simulated county', () => {
  /** Everything that its outlets send in the scenario, through the pipeline, with a tick every half hour. */
  const simulate = (seed: number) => {
    const rig = createRig(qinxian, { now: () => NOW });
    let clock = NOW - 10 * HOUR;
    for (const message of generate(qinxian, 'emission-exceedance', {
      from: clock,
      to: NOW + 9 * HOUR,
      seed,
      now: NOW,
    })) {
      if (!message.topic.includes('/emission/')) continue;
      for (; clock + 2 * MINUTE <= message.time; clock += 30 * MINUTE) rig.tick(clock);
      rig.send({ ...message, received: message.time });
    }
    rig.pipeline.drain();
    return Object.entries(rig.series());
  };

  it.each([1, 2])('has one outlet above its permit for ten hours, and its signal (seed %i)', (seed) => {
    const series = simulate(seed);
    const named = (text: string) => series.filter(([key]) => key.startsWith(text));
    const signals = named('signal county 140430 kind emission ');
    expect(signals.map(([, { state }]) => state)).toEqual(['active', 'lifted']);
    const [begin, end] = signals.map(([key]) => Date.parse(key.split(' ').at(-1)!)) as [number, number];
    expect(end - begin).toBe(10 * HOUR);
    const exceeded = named('emission_compliance ').filter(([, fields]) => fields['exceeded'] === true);
    expect(exceeded).toHaveLength(10);
    const outlets = exceeded.map(([key]) => / outlet (\S+) /.exec(key)![1]);
    expect(new Set(outlets)).toEqual(new Set(signals.map(([key]) => / subject (\S+) /.exec(key)![1])));
    expect(named('emission_compliance ').filter(([key]) => key.includes(' station '))).toEqual([]);
    expect(named('emission_compliance_day ').length).toBeGreaterThan(0);
  });
});
