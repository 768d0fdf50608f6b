// The feed of CAP messages: RFC 4287, newest first, bounded.
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Signal } from '../src/core/types.ts';
import { buildServer } from '../src/server/server.ts';
import { createHistory } from '../src/signals/history.ts';
import { NOW, partsOf } from './support/parts.ts';
import { begun, wholeLife } from './support/warnings.ts';
import { all, type Node, parseXml, textOf } from './support/xml.ts';

const serve = async (signals: readonly Signal[]) => {
  const history = createHistory(new DatabaseSync(':memory:'));
  for (const signal of signals) history.put(signal);
  const app = await buildServer(partsOf({ history }));
  return {
    get: (url: string) => app.inject({ url }),
    close: () => app.close(),
  };
};
const feedOf = async (signals: readonly Signal[], search = ''): Promise<Node> => {
  const { get, close } = await serve(signals);
  const answer = await get(`/api/v1/cap.atom${search}`);
  await close();
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/atom+xml; charset=utf-8']);
  return parseXml(answer.payload);
};
const versions = (feed: Node): (string | undefined)[] =>
  all(feed, 'entry').map((entry) => textOf(entry, 'id')!.split('/').at(-1));

describe('the feed', () => {
  test('has what was signed, the newest first; drafts only when asked', async () => {
    expect(versions(await feedOf(wholeLife()))).toEqual(['7', '5', '3']);
    expect(versions(await feedOf(wholeLife(), '?status=draft'))).toEqual(['6', '4', '2', '1']);
    expect(versions(await feedOf(wholeLife(), '?status=all'))).toEqual(['7', '6', '5', '4', '3', '2', '1']);
  });

  test('has what RFC 4287 asks of a feed and of its entries', async () => {
    const feed = await feedOf(wholeLife(), '?status=all');
    expect(feed.attributes).toEqual({ xmlns: 'http://www.w3.org/2005/Atom' });
    const entries = all(feed, 'entry');
    for (const one of [feed, ...entries]) {
      for (const name of ['id', 'title', 'updated']) expect(textOf(one, name), name).toMatch(/\S/);
      expect(textOf(one, 'updated')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
      expect(textOf(one, 'id')).toMatch(/^urn:x-lantian:[\w/:.-]+$/);
      expect(textOf(all(one, 'author')[0]!, 'name')).toMatch(/沁县/);
    }
    expect(textOf(feed, 'updated')).toBe(textOf(entries[0]!, 'updated'));
    expect(new Set(entries.map((entry) => textOf(entry, 'id'))).size).toBe(entries.length);
    const times = entries.map((entry) => textOf(entry, 'updated')!);
    expect(times.toSorted().toReversed()).toEqual(times);
    expect(all(feed, 'link')[0]!.attributes).toEqual({
      rel: 'self',
      type: 'application/atom+xml',
      href: '/api/v1/cap.atom?status=all',
    });
    const terms = entries.map((entry) => all(entry, 'category').map(({ attributes }) => attributes['term']));
    expect(terms.slice(0, 2)).toEqual([
      ['Actual', 'Cancel'],
      ['Draft', 'Cancel'],
    ]);
  });

  test('leads to the messages', async () => {
    const { get, close } = await serve(wholeLife());
    const feed = parseXml((await get('/api/v1/cap.atom?status=all')).payload);
    for (const entry of all(feed, 'entry')) {
      const [link] = all(entry, 'link');
      const answer = await get(link!.attributes['href']!);
      expect(answer.headers['content-type']).toContain(link!.attributes['type']!);
      expect(`urn:x-lantian:${textOf(parseXml(answer.payload), 'identifier')}`).toBe(textOf(entry, 'id'));
    }
    await close();
  });

  test('is a feed when it has nothing', async () => {
    const feed = await feedOf([]);
    expect([versions(feed), textOf(feed, 'updated')]).toEqual([[], '2016-07-20T08:00:00+08:00']);
    expect(Date.parse(textOf(feed, 'updated')!)).toBe(NOW);
  });

  test('is bounded, over all subjects', async () => {
    const many = Array.from({ length: 130 }, (_, i): Signal => {
      const since = new Date(Date.parse(begun.since) + i * 60_000).toISOString();
      const subject = ['rainstorm', 'gale'][i % 2]!;
      return { ...begun, id: `140430/weather-response/${subject}/${since}`, subject, since, at: since };
    });
    const feed = await feedOf(many, '?status=draft');
    expect(all(feed, 'entry')).toHaveLength(100);
    expect(textOf(all(feed, 'entry')[0]!, 'id')).toContain(many[129]!.id);
  });

  test('refuses what it does not know', async () => {
    const { get, close } = await serve([]);
    expect((await get('/api/v1/cap.atom?status=great')).json().error).toBe('bad-request');
    await close();
  });
});
