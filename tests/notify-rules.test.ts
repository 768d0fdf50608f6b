import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LantianError } from '../src/core/errors.ts';
import { HOUR, isoBeijing, MINUTE } from '../src/core/time.ts';
import { loadState, saveState } from '../src/publish/notify/keep.ts';
import { createNotifier } from '../src/publish/notify/notifier.ts';
import { channelsFor, quietEnd } from '../src/publish/notify/route.ts';
import { readRules } from '../src/publish/notify/rules.ts';
import { type State, stateAt } from '../src/publish/notify/state.ts';
import { CATALOG, signalOf } from './support/notify.ts';
import { rulesFrom } from './support/notify-rules.ts';
import { tempFolder } from './support/servers.ts';

const mistakesOf = (text: string, env: NodeJS.ProcessEnv = {}): readonly string[] => {
  try {
    rulesFrom(text, env);
  } catch (thrown) {
    if (thrown instanceof LantianError && thrown.code === 'config-invalid')
      return thrown.details.map((line) => line.replace(/^.*notify\.yaml/, 'notify.yaml'));
    throw thrown;
  }
  return [];
};

test('the example holds as it is', () => {
  const rules = readRules('flows/notify.example.yaml', CATALOG, {});
  expect(
    Object.values(rules.channels)
      .map(({ type }) => type)
      .sort(),
  ).toEqual(['dingtalk', 'email', 'feishu', 'siren', 'sms', 'wecom'].sort());
});

test('all mistakes come at once, each with its place', () => {
  const found = mistakesOf(`language: fr
quiet: { from: "25:00", to: "07:00" }
channels:
  a: { type: wecom, url: nowhere }
  b: { type: dingtalk, url: "https://x.example", secrets: S }
  c: { type: email, from: l@example.cn, to: [] }
routes:
  - { to: [a], levels: [V] }
`);
  expect(found.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'notify.yaml:1:11 language:',
    'notify.yaml:2:16 quiet.from:',
    'notify.yaml:4:26 channels.a.url:',
    'notify.yaml:5:50 channels.b.secrets:',
    'notify.yaml:6:45 channels.c.to:',
    'notify.yaml:8:25 routes[0].levels[0]:',
  ]);
});

test('names that lead nowhere, channels that nothing leads to, townships that are none', () => {
  const found = mistakesOf(`channels: { a: { type: siren, topic: t }, lonely: { type: siren, topic: t } }
routes: [{ to: [a, b], townships: [guocun, atlantis] }]
`);
  expect(found.join('\n')).toMatch(/no route leads to this channel/);
  expect(found.join('\n')).toMatch(/there is no channel b/);
  expect(found.join('\n')).toMatch(/the catalog has no township atlantis/);
});

test('secrets come from files and the environment, and one that is missing is told without it', () => {
  const folder = tempFolder('secret');
  writeFileSync(join(folder, 's'), 'FROM-FILE\n');
  const text = `channels: { a: { type: dingtalk, url: "https://x.example", secret: "\${file:${folder}/s}" }, b: { type: feishu, url: "\${env:HOOK}" } }
routes: [{ to: [a, b] }]
`;
  const { channels } = rulesFrom(text, { HOOK: 'https://y.example' });
  expect(channels).toMatchObject({ a: { secret: 'FROM-FILE' }, b: { url: 'https://y.example' } });
  expect(mistakesOf(text)).toEqual([expect.stringMatching(/channels\.b\.url: .*HOOK.*: the environment has no HOOK$/)]);
});

describe('routes', () => {
  const rules = rulesFrom({
    channels: Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, { type: 'siren', topic: name }])),
    routes: [
      { kinds: ['weather-response'], levels: ['II'], to: ['a'] },
      { townships: ['guocun'], to: ['b'] },
      { states: ['active'], to: ['c'] },
      { levels: ['II'], to: ['d'] },
    ],
  });
  const to = (over: object, places: string[] = ['cecun']): string[] => channelsFor(signalOf(over), places, rules);

  test('by kind, level, state and township', () => {
    expect(to({ level: 'II' })).toEqual(['a', 'd']);
    expect(to({ level: 'III' })).toEqual([]);
    expect(to({ level: 'III' }, ['guocun', 'cecun'])).toEqual(['b']);
    expect(to({ level: 'III', state: 'active' })).toEqual(['c']);
  });
  test('a level in force counts as one that is proposed', () => {
    expect(to({ level: 'IV', in_force: { level: 'II', since: '' } })).toEqual(['a', 'd']);
  });
  test('what is of the whole county is of every township', () => expect(to({ level: 'III' }, [])).toEqual(['b']));
  test('a class of water is no level', () => expect(to({ kind: 'water-section', level: 'II' })).toEqual([]));
});

test('quiet hours, over midnight and within a day', () => {
  const at = (text: string): number => Date.parse(`2026-07-20T${text}:00+08:00`);
  const end = (time: string, from: number, to: number): string =>
    isoBeijing(quietEnd(at(time), { from: from * HOUR, to: to * HOUR })).slice(8, 16);
  expect(end('21:59', 22, 7)).toBe('20T21:59');
  expect(end('22:00', 22, 7)).toBe('21T07:00');
  expect(end('06:59', 22, 7)).toBe('20T07:00');
  expect(end('07:00', 22, 7)).toBe('20T07:00');
  expect(end('12:30', 12, 14)).toBe('20T14:00');
  expect(end('14:00', 12, 14)).toBe('20T14:00');
  expect(quietEnd(at('23:00'), undefined)).toBe(at('23:00'));
});

describe('the state on disk', () => {
  const rules = rulesFrom({ channels: { a: { type: 'siren', topic: 't' } }, routes: [{ to: ['a'] }] });

  test('is what was saved; damage is set aside and told', () => {
    const file = join(tempFolder('state'), 'state.json');
    const asides: string[] = [];
    expect(loadState(file, (aside) => asides.push(aside))).toBeUndefined();
    saveState(file, stateAt(5));
    expect(loadState(file, () => {})).toEqual(stateAt(5));
    writeFileSync(file, '{"format":1,"watch');
    expect(loadState(file, (aside) => asides.push(aside))).toBeUndefined();
    expect(asides).toEqual([`${file}.damaged`]);
  });

  test('is there before anything leaves; while it cannot be written nothing leaves, and nothing is forgotten', () => {
    let full = false;
    let now = Date.parse('2026-07-20T00:00:00Z');
    const order: string[] = [];
    const stuck: (string | undefined)[] = [];
    let saved: State | undefined;
    const notifier = createNotifier({
      rules,
      before: undefined,
      now: () => now,
      save: (state) => {
        if (full) throw new Error('ENOSPC');
        saved = state;
        order.push('saved');
      },
      send: ({ version }) => {
        expect(Object.values(saved!.watches)[0]!.threads['a']!.sending?.version).toBe(version);
        order.push(`sent ${version}`);
      },
      stuck: (why) => stuck.push(why),
    });
    notifier.take({ type: 'signal', signal: signalOf(), places: [] });
    full = true;
    notifier.take({ type: 'signal', signal: signalOf({ subject: 'gale' }), places: [] });
    now += MINUTE / 2;
    notifier.take({ type: 'tick' });
    expect(order).toEqual(['saved', 'saved', 'sent 1']);
    full = false;
    notifier.take({ type: 'tick' });
    expect(order).toEqual(['saved', 'saved', 'sent 1', 'saved', 'sent 1']);
    expect(stuck).toEqual(['ENOSPC', undefined]);
  });
});
