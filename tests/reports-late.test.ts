// Reports of the command's members (沁政办发〔2021〕19号, 3.4): when one is due and late, and the signal that names who owes it.
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { HOUR, isoUtc, MINUTE } from '../src/core/time.ts';
import type { Signal } from '../src/core/types.ts';
import type { Person } from '../src/signals/roles.ts';
import { MEMBERS, REPORTING } from '../src/standards/weather-command-2021.ts';
import { reportsDue } from '../src/thresholds/report-due.ts';
import { at, catalogOf, settingsOf } from './support/middle.ts';
import { createRig, type Rig } from './support/pipeline.ts';
import { FALLS, forecastOf, TWELVE } from './support/steps.ts';

const SIGNED = at('2026-01-10 09:30');

describe('reportsDue', () => {
  const MS = 1 / HOUR;
  // Hours from the signature: of the unit's last report (undefined: none), of now, of the span under way.
  type Case = readonly [
    level: string,
    reported: number | undefined,
    now: number,
    span: readonly [number, number],
    open: boolean,
    late: boolean,
  ];
  const DAILY: readonly Case[] = ['IV', 'III'].flatMap((level): Case[] => [
    [level, undefined, 0, [0, 24], true, false],
    [level, undefined, 24 - MS, [0, 24], true, false],
    [level, undefined, 26 - MS, [24, 48], true, false],
    [level, undefined, 26, [24, 48], true, true],
    // A report before the signature is not one; at its instant it is.
    [level, -MS, 26, [24, 48], true, true],
    [level, -MS, 1, [0, 24], true, false],
    [level, 0, 1, [0, 24], false, false],
    [level, 0, 26, [24, 48], true, false],
    [level, 24 - MS, 24 - MS, [0, 24], false, false],
    [level, 24 - MS, 24, [24, 48], true, false],
    [level, 24 - MS, 50 - MS, [48, 72], true, false],
    [level, 24 - MS, 50, [48, 72], true, true],
    // In the hours of grace it is of the day under way, and no one asks for the day before any more.
    [level, 25, 26, [24, 48], false, false],
    [level, 24, 50, [48, 72], true, false],
    [level, 60, 61, [48, 72], false, false],
    [level, 60, 98 - MS, [96, 120], true, false],
    [level, 60, 98, [96, 120], true, true],
    [level, 60, 2_402, [2_400, 2_424], true, true],
  ]);
  const TWICE: readonly Case[] = ['II', 'I'].flatMap((level): Case[] => [
    [level, undefined, 12 - MS, [0, 12], true, false],
    [level, undefined, 14 - MS, [12, 24], true, false],
    [level, undefined, 14, [12, 24], true, true],
    [level, 0, 14, [12, 24], true, false],
    [level, 12 - MS, 12, [12, 24], true, false],
    [level, 12 - MS, 26 - MS, [24, 36], true, false],
    [level, 12 - MS, 26, [24, 36], true, true],
    [level, 12, 12, [12, 24], false, false],
    [level, 12, 26, [24, 36], true, false],
  ]);

  const signal = (level: string): Signal =>
    ({ in_force: { level, since: isoUtc(SIGNED) }, signed_since: isoUtc(SIGNED) }) as unknown as Signal;
  const time = (hours: number): number => SIGNED + Math.round(hours * HOUR);
  const due = (level: string, reported: number | undefined, now: number, grace = 2 * HOUR) =>
    reportsDue(signal(level), new Map(reported === undefined ? [] : [['power', time(reported)]]), time(now), {
      units: ['power'],
      grace,
    })!;

  it.each([...DAILY, ...TWICE])('%s, reported at %d h, now %d h', (level, reported, now, span, open, late) => {
    const found = due(level, reported, now);
    expect(found).toMatchObject({ every: (['IV', 'III'].includes(level) ? 24 : 12) * HOUR });
    expect([found.from, found.to]).toEqual(span.map(time));
    expect({ open: found.open, late: found.late }).toEqual({
      open: open ? ['power'] : [],
      late: late ? ['power'] : [],
    });
  });

  it.each([
    [0, 24],
    [HOUR, 25],
    [23 * HOUR, 47],
    [48 * HOUR, 72],
  ])('with a grace of %d ms it is late at %d h, and not before', (grace, hours) => {
    expect(due('IV', undefined, hours - MS, grace).late).toEqual([]);
    expect(due('IV', undefined, hours, grace).late).toEqual(['power']);
  });

  it('of several units those alone that owe it, in the order of the settings', () => {
    const reports = new Map([
      ['water', time(3)],
      ['unasked', time(1)],
    ]);
    const found = reportsDue(signal('IV'), reports, time(26), { units: ['power', 'water', 'media'], grace: 2 * HOUR })!;
    expect(found).toMatchObject({ late: ['power', 'media'], open: ['power', 'water', 'media'] });
  });

  it('without a response in force none is due', () => {
    const { in_force: _, ...proposed } = signal('IV');
    expect(reportsDue(proposed, new Map(), time(99), { units: ['power'], grace: 0 })).toBeUndefined();
    expect(
      reportsDue({ ...proposed, in_force: null }, new Map(), time(99), { units: ['power'], grace: 0 }),
    ).toBeUndefined();
  });
});

describe('report-late', () => {
  const townships = TWELVE.map((id) => ({ id, name: { zh: `${id}镇`, en: id }, kind: 'township' as const }));
  const catalog = { ...catalogOf([], TWELVE), townships };
  const COMMANDER: Person = { name: '张县长', role: 'commander' };
  const OFFICE: Person = { name: '王芳', role: 'office' };

  interface Command {
    rig: Rig;
    now: number;
    readonly settings: object;
  }

  const start = (command: Omit<Command, 'rig'>, database = new DatabaseSync(':memory:')): Command => {
    const whole: Command = { ...command, rig: undefined as never };
    whole.rig = createRig(catalog, { database, settings: settingsOf(command.settings), now: () => whole.now });
    return whole;
  };
  const of = ({ rig }: Command, kind: string): Signal | undefined =>
    rig.pipeline.state().signals.get(`${kind}/cold-wave`);
  const late = (command: Command) => {
    const signal = of(command, 'report-late');
    return signal && { state: signal.state, units: signal.lacking.map((line) => line.split(/[ :]/)[1]) };
  };

  const tickAt = (command: Command, time: number): void => {
    command.now = time;
    command.rig.tick(time);
    command.rig.pipeline.drain();
  };
  const forecast = (command: Command, fall: number): void => {
    const payload = forecastOf(fall, command.now);
    const messages = TWELVE.map((id) => ({
      topic: `lantian/v1/140430/forecast/${id}`,
      payload,
      received: command.now,
    }));
    command.rig.send(...messages);
    command.rig.pipeline.drain();
  };
  const take = async (command: Command, person: Person, step: string, more: object = {}): Promise<void> => {
    const signal = of(command, 'weather-response')!.id;
    const asked = command.rig.pipeline.decide({ person, signal, step, reason: '无灾情', ...more });
    command.rig.pipeline.drain();
    expect(await asked).toMatchObject({ state: 'done' });
  };
  const reportOf = (command: Command, unit: string): Promise<void> => take(command, OFFICE, 'report', { unit });

  /** A response of level IV, signed at SIGNED. */
  const inForce = async (settings: object): Promise<Command> => {
    const command = start({ now: SIGNED, settings });
    forecast(command, FALLS.IV);
    tickAt(command, SIGNED);
    await take(command, COMMANDER, 'agree', { level: 'IV' });
    await take(command, { name: '李局长', role: 'office-director' }, 'sign', { level: 'IV' });
    expect(of(command, 'weather-response')!.in_force).toEqual({ level: 'IV', since: isoUtc(SIGNED) });
    return command;
  };

  it('names all members but the bureau of the office; each report shortens it, the last one lifts it', async () => {
    const command = await inForce({});
    expect(REPORTING).toHaveLength(Object.keys(MEMBERS).length - 1);
    for (let hour = 1; hour < 26; hour++) tickAt(command, SIGNED + hour * HOUR);
    tickAt(command, SIGNED + 26 * HOUR - 1);
    expect(late(command)).toBeUndefined();
    tickAt(command, SIGNED + 26 * HOUR);
    expect(late(command)).toEqual({ state: 'active', units: REPORTING });
    expect(of(command, 'report-late')).toMatchObject({
      version: 1,
      basis: { document: '沁政办发〔2021〕19号', clause: '3.4' },
      evidence: [{ station: 'county', quantity: 'reports_late', value: REPORTING.length, from: isoUtc(SIGNED) }],
    });
    expect(of(command, 'report-late')!.lacking).toContain('县交通运输局 transport: 每24小时一报 a report every 24 h');
    for (const [i, unit] of REPORTING.entries()) {
      await reportOf(command, unit);
      tickAt(command, command.now + MINUTE);
      const units = REPORTING.slice(i + 1);
      expect(late(command)).toEqual({ state: units.length > 0 ? 'active' : 'lifted', units });
    }
    // Those were of the second day: the third is owed again.
    tickAt(command, SIGNED + 74 * HOUR - 1);
    expect(late(command)).toMatchObject({ state: 'lifted' });
    tickAt(command, SIGNED + 74 * HOUR);
    expect(late(command)).toEqual({ state: 'active', units: REPORTING });
    expect(of(command, 'report-late')!.version).toBe(1);
  });

  const UNITS = ['ecology', 'guocun', 'power'];

  it('looks for the units of the settings alone, townships by their name; each may report for itself', async () => {
    const command = await inForce({ reports: { units: UNITS } });
    await reportOf(command, 'power');
    tickAt(command, SIGNED + 26 * HOUR);
    expect(late(command)).toEqual({ state: 'active', units: ['ecology', 'guocun'] });
    expect(of(command, 'report-late')!.lacking[1]).toMatch(/^guocun镇 guocun: /);
    // A unit that no one looks for changes nothing.
    await reportOf(command, 'media');
    await take(command, { name: '赵', role: 'ecology-bureau' }, 'report');
    tickAt(command, command.now + MINUTE);
    expect(late(command)).toEqual({ state: 'active', units: ['guocun'] });
    await take(command, { name: '钱', role: 'township', unit: 'guocun' }, 'report');
    tickAt(command, command.now + MINUTE);
    expect(late(command)).toEqual({ state: 'lifted', units: [] });
  });

  it('waits for reports.grace', async () => {
    const command = await inForce({ reports: { units: UNITS, grace: 'PT0S' } });
    tickAt(command, SIGNED + 24 * HOUR - 1);
    expect(late(command)).toBeUndefined();
    tickAt(command, SIGNED + 24 * HOUR);
    expect(late(command)).toEqual({ state: 'active', units: UNITS });
  });

  it('a restart forgets no report, and what is late stays late', async () => {
    const before = await inForce({ reports: { units: UNITS } });
    before.now = SIGNED + 3 * HOUR;
    for (const unit of ['ecology', 'power']) await reportOf(before, unit);
    const command = start(before, before.rig.database);
    tickAt(command, SIGNED + 26 * HOUR);
    expect(late(command)).toEqual({ state: 'active', units: ['guocun'] });
    const again = start(command, command.rig.database);
    tickAt(again, SIGNED + 26 * HOUR + MINUTE);
    expect(of(again, 'report-late')).toEqual(of(command, 'report-late'));
    await reportOf(again, 'guocun');
    tickAt(again, again.now + MINUTE);
    expect(late(again)).toEqual({ state: 'lifted', units: [] });
  });

  it('is twice a day at level II, counted from its own signature', async () => {
    const command = await inForce({ reports: { units: UNITS } });
    command.now = SIGNED + 5 * HOUR;
    forecast(command, FALLS.II);
    await take(command, COMMANDER, 'sign', { level: 'II' });
    await reportOf(command, 'guocun');
    tickAt(command, SIGNED + 19 * HOUR - 1);
    expect(late(command)).toBeUndefined();
    tickAt(command, SIGNED + 19 * HOUR);
    expect(late(command)).toEqual({ state: 'active', units: ['ecology', 'power'] });
    expect(of(command, 'report-late')!.lacking[1]).toContain('每12小时一报 a report every 12 h');
  });

  it('ends with the response: no one owes a report on what is over', async () => {
    const command = await inForce({ reports: { units: UNITS } });
    tickAt(command, SIGNED + 26 * HOUR);
    forecast(command, FALLS.none);
    tickAt(command, command.now + MINUTE);
    // In force until the commander lifts it, and so are the reports.
    expect(of(command, 'weather-response')).toMatchObject({ state: 'lift-proposed', in_force: { level: 'IV' } });
    expect(late(command)).toEqual({ state: 'active', units: UNITS });
    await take(command, COMMANDER, 'lift');
    tickAt(command, command.now + MINUTE);
    expect(late(command)).toEqual({ state: 'lifted', units: [] });
    tickAt(command, command.now + 30 * HOUR);
    expect(late(command)).toEqual({ state: 'lifted', units: [] });
  });

  it('a proposal that no one signed owes nothing', () => {
    const command = start({ now: SIGNED, settings: { reports: { units: UNITS } } });
    forecast(command, FALLS.IV);
    for (let hour = 0; hour < 60; hour += 6) tickAt(command, SIGNED + hour * HOUR);
    expect(of(command, 'weather-response')).toMatchObject({ state: 'proposed' });
    expect(late(command)).toBeUndefined();
  });
});
