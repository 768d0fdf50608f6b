// Our nodes in Node-RED's editor, in a real Chromium: the palette has them, and the form of each opens with its words.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FlowNode } from '../flows/compose.ts';
import { deliveredFiles } from '../flows/lint.ts';
import { openOnPaper, type Page } from './support/chromium.ts';
import { startNodeRed } from './support/node-red.ts';
import { until } from './support/until.ts';

const OWN = /^lantian-/;
const { examples } = deliveredFiles(`${import.meta.dirname}/..`);
const nodes = [
  ...new Map(
    examples.flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as FlowNode[]).map((node) => [node.id, node])),
  ).values(),
];

/** What the form of a node says and holds, once it is open. */
const formOf = async (page: Page, { id, type }: FlowNode) => {
  await page.evaluate(`RED.editor.edit(RED.nodes.node(${JSON.stringify(id)}))`);
  const asked = `(() => {
    const form = document.getElementById('dialog-form');
    if (!form || !form.querySelector('#node-input-county')) return '';
    const texts = [...form.querySelectorAll('.form-row span[data-i18n], .form-row option')].map((one) => one.textContent);
    return JSON.stringify({ texts, county: form.querySelector('#node-input-county').value });
  })()`;
  await until(`the form of ${type}`, async () => (await page.evaluate<string>(asked)) !== '');
  const form = JSON.parse(await page.evaluate<string>(asked)) as { texts: string[]; county: string };
  await page.evaluate(`document.getElementById('node-dialog-cancel').click()`);
  await until('the form is closed', async () => (await page.evaluate<string>(asked)) === '');
  return form;
};

test('the palette and the forms', async () => {
  const red = await startNodeRed({ flows: nodes });
  const page = await openOnPaper(red.url, 300);
  const ready = `!!window.RED && !!RED.nodes && !!RED.nodes.node('example-signal-node')`;
  await until('the editor', () => page.evaluate<boolean>(ready), { within: 30_000 });
  const types = await page.evaluate<string>(
    `JSON.stringify([...document.querySelectorAll('.red-ui-palette-node')].map((one) => one.getAttribute('data-palette-type')))`,
  );
  const placed = nodes.filter(({ type, x }) => OWN.test(type) && x !== undefined);
  expect(placed.length).toBeGreaterThan(5);
  for (const { type } of placed) expect(JSON.parse(types)).toContain(type);
  for (const node of placed) {
    const { texts, county } = await formOf(page, node);
    expect(texts.length).toBeGreaterThan(1);
    // A key without words is shown as it is.
    for (const text of texts) expect(text, node.type).not.toMatch(/^$|^(label|output|node-red:)[.:\w-]*$/);
    expect(county, node.type).toBe('lantian-county-config');
  }
});
