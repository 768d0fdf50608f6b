// The dialect of the national release platform, apart from CAP.
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../src/config/catalog.ts';
import type { Signal } from '../src/core/types.ts';
import { EVENT_CODES, newisOf } from '../src/publish/newis.ts';
import { warningOf } from '../src/publish/warning.ts';
import { buildServer } from '../src/server/server.ts';
import { createHistory } from '../src/signals/history.ts';
import { HAZARDS } from '../src/standards/weather-plan-2021.ts';
import { settingsOf } from './support/middle.ts';
import { partsOf } from './support/parts.ts';
import { begun, step, wholeLife } from './support/warnings.ts';
import { all, type Node, parseXml, textOf } from './support/xml.ts';

const catalog = loadCatalog('sensors/counties', '140430');
const historyOf = (signals: readonly Signal[]) => {
  const history = createHistory(new DatabaseSync(':memory:'));
  for (const signal of signals) history.put(signal);
  return history;
};
const messages = (signals: readonly Signal[], settings = settingsOf()): (Node | undefined)[] => {
  const versions = historyOf(signals).of(signals[0]!.id);
  return versions.map((_, at) => {
    const xml = newisOf(warningOf(versions.slice(0, at + 1))!, { catalog, settings, simulated: false });
    return xml === undefined ? undefined : parseXml(xml);
  });
};
const signed = (): Node[] => messages(wholeLife()).filter((one) => one !== undefined);
const info = (alert: Node): Node => all(alert, 'info')[0]!;

/** Marked required where the form of such a file is described, in that order. */
const REQUIRED = ['identifier', 'sender', 'senderCode', 'sendTime', 'status', 'msgType', 'scope', 'code', 'info'];
const REQUIRED_OF_INFO = ['eventType', 'urgency', 'severity', 'certainty', 'effective', 'senderName', 'headline'];

describe('a message for the national platform', () => {
  test('is made of what was signed alone', () => {
    expect(messages(wholeLife()).map((one) => one && textOf(one, 'msgType'))).toEqual([
      undefined,
      undefined,
      'Alert',
      undefined,
      'Update',
      undefined,
      'Cancel',
    ]);
  });

  test('has what is required, in its order and its namespace', () => {
    for (const alert of signed()) {
      expect([alert.name, alert.attributes]).toEqual(['alert', { xmlns: 'http://com.icss.amp' }]);
      const names = alert.children.map(({ name }) => name);
      expect(names.filter((name) => REQUIRED.includes(name))).toEqual(REQUIRED);
      const inner = info(alert).children.map(({ name }) => name);
      expect(inner.filter((name) => REQUIRED_OF_INFO.includes(name))).toEqual(REQUIRED_OF_INFO);
      expect(inner).toContain('description');
      const [method] = all(all(alert, 'code')[0]!, 'method');
      expect(method!.children.map(({ name }) => name)).toEqual(['methodName', 'message']);
    }
  });

  test('names its sender, its time and the first alert as the platform does', () => {
    const [alert, update, cancel] = signed() as [Node, Node, Node];
    expect(textOf(alert, 'identifier')).toBe('14043041600000_20260720100000');
    expect(textOf(alert, 'sendTime')).toBe('2026-07-20 10:00:00+08:00');
    expect(textOf(alert, 'references')).toBeUndefined();
    for (const later of [update, cancel]) expect(textOf(later, 'references')).toBe(textOf(alert, 'identifier'));
    expect([textOf(cancel, 'note'), textOf(alert, 'note')]).toEqual(['依据沁政办发〔2021〕19号解除', undefined]);
    const own = messages(wholeLife(), settingsOf({ cap: { newis_sender: '14043041600009' } }))[2]!;
    expect(textOf(own, 'identifier')).toMatch(/^14043041600009_/);
  });

  test('has a code for the event, a colour for the severity, twelve digits for the area', () => {
    const [alert, update, cancel] = signed() as [Node, Node, Node];
    expect([alert, update, cancel].map((one) => textOf(info(one), 'severity'))).toEqual(['Yellow', 'Orange', 'Orange']);
    expect([alert, cancel].map((one) => textOf(info(one), 'headline'))).toEqual([
      '沁县气象灾害应急指挥部办公室发布暴雨黄色预警',
      '沁县气象灾害应急指挥部办公室解除暴雨橙色预警',
    ]);
    expect(textOf(info(alert), 'eventType')).toBe('11B03');
    const [area] = all(info(alert), 'area');
    expect(textOf(area!, 'geocode')).toBe('140430000000');
    expect(all(area!, 'geocode')[0]!.children).toEqual([]);
  });

  test('of simulated data is a test', () => {
    const versions = historyOf(wholeLife()).of(begun.id).slice(0, 3);
    const xml = newisOf(warningOf(versions)!, { catalog, settings: settingsOf(), simulated: true })!;
    expect(textOf(parseXml(xml), 'status')).toBe('Test');
    expect(signed().map((alert) => textOf(alert, 'status'))).toEqual(['Actual', 'Actual', 'Actual']);
  });

  test('is none where the platform has no code', () => {
    const life = wholeLife().map((signal) => ({ ...signal, subject: 'severe-convection' }));
    expect(messages(life).filter((one) => one !== undefined)).toEqual([]);
    const without = Object.keys(HAZARDS).filter((hazard) => !(hazard in EVENT_CODES));
    expect(without).toEqual(['severe-convection']);
  });
});

describe('over HTTP', () => {
  const get = async (path: string, signals: readonly Signal[]) => {
    const app = await buildServer(partsOf({ history: historyOf(signals) }));
    const answer = await app.inject({ url: `/api/v1/newis/${path}` });
    await app.close();
    return answer;
  };

  test('what was signed last, also while something else is proposed', async () => {
    const answer = await get(`${begun.id}.xml`, wholeLife().slice(0, 4));
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(textOf(info(parseXml(answer.payload)), 'severity')).toBe('Yellow');
    const named = await get(`${begun.id}/5.xml`, wholeLife());
    expect(textOf(parseXml(named.payload), 'msgType')).toBe('Update');
  });

  test('nothing signed, no code, and no such signal are errors of their own', async () => {
    const nothing = await get(`${begun.id}.xml`, [begun, step(begun, 'agreed', 1)]);
    expect([nothing.statusCode, nothing.json().error]).toEqual([404, 'not-for-newis']);
    const other = wholeLife().map((signal) => ({ ...signal, subject: 'severe-convection' }));
    expect((await get(`${begun.id}.xml`, other)).json().error).toBe('not-for-newis');
    expect((await get('none.xml', [begun])).json().error).toBe('no-such-signal');
  });
});
