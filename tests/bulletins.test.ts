// Bulletins as people print them: served over HTTP from a real store, looked at and printed by a real Chromium.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import { loadCatalog } from '../src/config/catalog.ts';
import { stationsOf } from '../src/core/catalog.ts';
import type { Signal } from '../src/core/types.ts';
import type { ServerParts } from '../src/server/parts.ts';
import { createServer } from '../src/server/server.ts';
import { createHistory } from '../src/signals/history.ts';
import { createLedger, entryOf } from '../src/signals/ledger.ts';
import { createEmbeddedStore } from '../src/store/embedded.ts';
import { openOnPaper, type Page } from './support/chromium.ts';
import { at } from './support/middle.ts';
import { partsOf, point } from './support/parts.ts';
import { tempFolder } from './support/servers.ts';
import { begun, forecast, observed, wholeLife } from './support/warnings.ts';

const catalog = loadCatalog('sensors/counties', '140430');
const points = stationsOf(catalog, 'dustfall');
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const serve = async (over: Partial<ServerParts>): Promise<string> => {
  const app = await createServer(partsOf({ now: () => at('2026-07-22 08:00'), ...over }));
  closing.push(() => app.close());
  return app.listeningOrigin;
};
const textAt = async (url: string): Promise<string> => (await fetch(url)).text();

/** Text of a page as a reader sees it: no tags, blanks once. */
const seen = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/\s+/g, ' ');

/** A store with months of dustfall: each point's value, and the county's highest, lowest and mean. */
const storeOf = async (months: Readonly<Record<string, readonly number[]>>) => {
  const store = createEmbeddedStore({ file: join(tempFolder(), 'series.db') });
  await store.init();
  closing.push(() => store.close());
  const rows = Object.entries(months).flatMap(([month, values]) => {
    const time = at(`${month}-01 00:00`);
    const sum = values.reduce((total, value) => total + value, 0);
    const county = { max: Math.max(...values), min: Math.min(...values), mean: sum / values.length };
    const each = values.map((dustfall, i) => {
      const { id, township } = points[i]!;
      return point('dustfall_month', id, time, { dustfall }, township === undefined ? {} : { township });
    });
    return [...each, point('dustfall_month', 'county', time, county)];
  });
  expect(await store.write(rows)).toEqual([]);
  return store;
};

const JUNE = [5, 6.2, 9.1, 10.4, 7.3];
const rectification: Signal = {
  ...begun,
  kind: 'dustfall-rectification',
  subject: '2026-06',
  level: null,
  state: 'active',
  id: '140430/dustfall-rectification/2026-06/2026-07-01T00:00:00Z',
};

describe('the bulletin of dustfall', () => {
  test('has highest, lowest, mean, the year before, and the order with its clause', async () => {
    const store = await storeOf({ '2026-06': JUNE, '2025-06': [5, 6, 7, 8, 9] });
    const base = await serve({ store, signals: () => [rectification] });
    const text = seen(await textAt(`${base}/api/v1/bulletins/dustfall/2026-06`));
    for (const words of [
      '沁县2026年6月降尘监测结果通报',
      '最大值 10.4（上年同月 9.0，同比 +15.6%）',
      '最小值 5.0（上年同月 5.0，同比 0.0%）',
      '平均值 7.6（上年同月 7.0，同比 +8.6%）',
      '须开展降尘专项整治（沁政办发〔2021〕16号 二（五）17）',
      `超过的点位：${points[2]!.name.zh} 9.1、${points[3]!.name.zh} 10.4`,
      '专项整治正在进行',
      'the campaign is under way'.replace(/^t/, 'T'),
    ])
      expect(text).toContain(words);
    for (const { name } of points) expect(text).toContain(name.zh);
    expect(text).not.toContain('模拟数据');
  });

  test('without a year before says so; at the limit nothing is ordered', async () => {
    const store = await storeOf({ '2026-06': [5, 6, 7, 8, 9] });
    const text = seen(await textAt(`${await serve({ store })}/api/v1/bulletins/dustfall/2026-06`));
    expect(text).toContain('最大值 9.0（无同比）');
    expect(text).toContain('当月最大值未超过 9 吨/(平方公里·30天)，不启动专项整治');
    expect(text).not.toContain('须开展');
  });

  test('of another county, or of simulated data, is not taken for this one’s', async () => {
    const store = await storeOf({ '2026-06': JUNE });
    await store.write([
      {
        ...point('dustfall_month', 'county', at('2026-05-01 00:00'), { max: 3 }),
        tags: { county: '140400', station: 'county' },
      },
    ]);
    const base = await serve({ store, simulated: () => true });
    expect((await fetch(`${base}/api/v1/bulletins/dustfall/2026-05`)).status).toBe(404);
    expect(seen(await textAt(`${base}/api/v1/bulletins/dustfall/2026-06`))).toContain('模拟数据，不是监测结果');
  });

  test.each(['2026-13', '2026-6', 'June', '2024-01'])('%s is no month that was reported', async (month) => {
    const answer = await fetch(
      `${await serve({ store: await storeOf({ '2026-06': JUNE }) })}/api/v1/bulletins/dustfall/${month}`,
    );
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: 'no-such-month' });
  });

  test('needs a store that can be read', async () => {
    const answer = await fetch(`${await serve({})}/api/v1/bulletins/dustfall/2026-06`);
    expect(await answer.json()).toMatchObject({ error: 'no-readable-store' });
  });
});

const everywhere = catalog.townships.flatMap(({ id }) => [
  { ...observed, station: `${id}-weather` },
  { ...forecast, station: id },
]);
const responseAt = async (signals: readonly Signal[], over: Partial<ServerParts> = {}): Promise<string> => {
  const history = createHistory(new DatabaseSync(':memory:'));
  for (const signal of signals) history.put(signal);
  const last = signals.at(-1)!;
  return `${await serve({ history, signals: () => [last], ...over })}/api/v1/bulletins/response/${last.id}`;
};

describe('the bulletin of a response', () => {
  test('is an order once it is signed: level, since, evidence, measures, steps, what is lacking', async () => {
    const text = seen(await textAt(await responseAt(wholeLife().slice(0, 3))));
    for (const words of [
      '沁县暴雨应急响应（Ⅲ级）命令',
      'Ⅲ级（level III），自 2026-07-20 10:00 起',
      '沁政办发〔2021〕19号 附件6 (1) 暴雨',
      '定昌镇',
      '降水量 104.2 mm',
      '07-19 08:00 – 07-20 08:00',
      'forecast rain 24h: 故县镇',
      '附件5 暴雨',
      '公安部门',
      '守护重点部位、人员和重要物资',
      '副指挥长（应急管理局局长）签署',
    ])
      expect(text).toContain(words);
    expect(text).toMatch(/3 2026-07-20 10:00 Ⅲ级 已签署，生效/);
    expect(text).not.toContain('不得对外发布');
  });

  test('names who agreed and who signed, by the ledger', async () => {
    const life = wholeLife().slice(0, 3);
    const ledger = createLedger(new DatabaseSync(':memory:'));
    ledger.append(entryOf(life[0]!, { step: 'threshold', person: 'lantian', role: 'threshold' }));
    ledger.append(entryOf(life[1]!, { step: 'agree', person: '李明', role: 'commander' }));
    ledger.append(entryOf(life[2]!, { step: 'sign', person: '张强', role: 'emergency-director' }));
    ledger.append(entryOf(life[2]!, { step: 'report', person: '王芳', role: 'office', unit: 'transport' }));
    const text = seen(await textAt(await responseAt(life, { ledger })));
    expect(text).toMatch(/Ⅲ级 已同意，待签署[^（]*李明（指挥长）/);
    expect(text).toContain('张强（副指挥长（应急管理局局长））');
    expect(text).not.toContain('王芳');
    expect(text).not.toContain('lantian（');
    expect(text).toContain('成员单位每日向办公室报告情况');
    expect(text).toContain('根据需要派出应急工作组');
  });

  test('of a warning signal that is signed is one too, without the duties of the plan', async () => {
    const level = 'yellow';
    const warning = {
      ...begun,
      kind: 'warning-signal',
      level,
      state: 'active' as const,
      in_force: { level, since: begun.since },
    };
    const answer = await fetch(await responseAt([warning]));
    expect(answer.status).toBe(200);
    expect(seen(await answer.text())).not.toContain('24小时值班');
  });

  test('is a proposal before, and says so', async () => {
    const text = seen(await textAt(await responseAt([begun])));
    expect(text).toContain('沁县暴雨应急响应（Ⅲ级）建议');
    expect(text).toContain('尚未签署，不得对外发布');
    expect(text).toContain('生效级别 in force 无 none');
  });

  test('has the measures in force beside those proposed', async () => {
    const text = seen(await textAt(await responseAt(wholeLife().slice(0, 4))));
    expect(text).toContain('Ⅲ级（生效）');
    expect(text).toContain('Ⅱ级（建议）');
    expect(text.indexOf('疏通排水，减轻路面积水')).toBeLessThan(text.indexOf('集结警力，随时可投入抢险'));
  });

  test('of its end has no measures any more', async () => {
    const text = seen(await textAt(await responseAt(wholeLife())));
    expect(text).toContain('暴雨应急响应（Ⅱ级）结束通报');
    expect(text).not.toContain('公安部门');
  });

  test.each([
    ['IV', '副指挥长（办公室主任）签署'],
    ['III', '副指挥长（应急管理局局长）签署'],
    ['II', '指挥长签署'],
    ['I', '指挥长签署'],
  ])('%s is signed by the person whom the plan names', async (level, signer) => {
    expect(seen(await textAt(await responseAt([{ ...begun, level }])))).toContain(signer);
  });

  test('escapes what it is given', async () => {
    const evil = { ...begun, lacking: ['<script>alert(1)</script> & "x"'], evidence: [{ ...observed, unit: '<b>' }] };
    const html = await textAt(await responseAt([evil]));
    expect(html).not.toMatch(/<script|<b>/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;');
  });

  test('is none of other kinds, or of a signal that is not there', async () => {
    const base = await serve({ signals: () => [rectification] });
    for (const id of [rectification.id, 'none']) {
      const answer = await fetch(`${base}/api/v1/bulletins/response/${id}`);
      expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([404, 'no-such-signal']);
    }
  });
});

/** Elements that reach beyond the paper between its margins, by their tag. */
const OUTSIDE = `[...document.body.querySelectorAll('*')]
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5 || one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
  .map((one) => one.tagName + ' ' + one.textContent.slice(0, 30))`;
/** A4 less the margins of @page. */
const PRINTED = 210 - 2 * 18;

const holdsOnPaper = async (page: Page, pages: number): Promise<void> => {
  expect(await page.evaluate<string[]>(OUTSIDE)).toEqual([]);
  expect(await page.evaluate<number>('document.scripts.length')).toBe(0);
  const { pages: printed, sizes } = await page.pdf();
  expect(printed).toBeGreaterThan(0);
  expect(printed).toBeLessThanOrEqual(pages);
  expect(new Set(sizes.map((size) => size.join('×')))).toEqual(new Set(['210×297']));
};

describe('on paper, by Chromium', () => {
  test('dustfall fits A4', async () => {
    const store = await storeOf({ '2026-06': JUNE, '2025-06': [5, 6, 7, 8, 9], '2026-05': [5, 6, 7, 8, 9] });
    const page = await openOnPaper(`${await serve({ store })}/api/v1/bulletins/dustfall/2026-06`, PRINTED);
    expect(await page.evaluate<string>('document.body.innerText')).toContain('三、各点位结果');
    await holdsOnPaper(page, 2);
  });

  test('a response with all twelve places and both levels of measures fits A4', async () => {
    const life = wholeLife()
      .slice(0, 4)
      .map((signal) => ({ ...signal, evidence: everywhere }));
    const page = await openOnPaper(await responseAt(life, { simulated: () => true }), PRINTED);
    const text = await page.evaluate<string>('document.body.innerText');
    for (const { name } of catalog.townships) expect(text).toContain(name.zh);
    await holdsOnPaper(page, 8);
  });

  test('names and texts however long are wrapped; what would not fit is found out', async () => {
    const long = { ...begun, lacking: ['x'.repeat(400)], title: { zh: '暴'.repeat(80), en: 'W'.repeat(200) } };
    const page = await openOnPaper(await responseAt([long]), PRINTED);
    expect(await page.evaluate<string[]>(OUTSIDE)).toEqual([]);
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<div style="width: 200mm">wide</div>')`);
    expect(await page.evaluate<string[]>(OUTSIDE)).toEqual(['DIV wide']);
  });
});
