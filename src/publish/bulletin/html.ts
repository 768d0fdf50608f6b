import type { Bilingual } from '../../core/types.ts';

// Pages made for paper: A4 upright, Chinese type, black on white, no script and nothing fetched. A table's headings stand again on every
// page, and a row is not cut by a page's end.

/** What stands in a page: escaped text alone, or put together from such. */
export type Html = string & { readonly __html: unique symbol };

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (value: unknown): string => String(value).replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);

const isHtml = (value: unknown): value is readonly Html[] => Array.isArray(value);

/** Template whose texts are escaped; a list holds HTML and is put in as it is. */
export const html = (parts: TemplateStringsArray, ...values: readonly (string | number | readonly Html[])[]): Html =>
  parts
    .map((part, at) =>
      at === 0
        ? part
        : (isHtml(values[at - 1]) ? (values[at - 1] as readonly Html[]).join('') : escaped(values[at - 1])) + part,
    )
    .join('') as Html;

const STYLE = `
@page { size: A4; margin: 20mm 18mm 18mm }
* { box-sizing: border-box }
html { background: #fff; color: #000 }
body { font: 11pt/1.6 "Songti SC", SimSun, "Noto Serif CJK SC", "Source Han Serif SC", serif; overflow-wrap: break-word; margin: 0 auto; max-width: 173mm }
@media screen { body { padding: 10mm 0 } }
h1, h2, th { font-family: "Heiti SC", SimHei, "Noto Sans CJK SC", "Source Han Sans SC", sans-serif; font-weight: 700 }
h1 { font-size: 18pt; line-height: 1.35; text-align: center; margin: 0 0 2mm }
h2 { font-size: 12.5pt; margin: 6mm 0 2mm; break-after: avoid }
p { margin: 0 0 2mm }
[lang=en] { font-family: "Times New Roman", "Liberation Serif", "Noto Serif", serif; font-size: .86em; color: #333 }
h1 [lang=en] { display: block; font-size: 11pt; font-weight: 400 }
h2 [lang=en] { font-size: 10pt; font-weight: 400; margin-left: .5em }
.under { text-align: center; border-bottom: .6mm solid #b00; padding-bottom: 3mm; margin-bottom: 4mm }
.mark { border: .4mm solid #b00; color: #b00; padding: 1.5mm 3mm; margin-bottom: 4mm; text-align: center }
table { width: 100%; border-collapse: collapse; margin-bottom: 3mm; font-size: 9pt; line-height: 1.35 }
thead { display: table-header-group } tr { break-inside: avoid }
th, td { border: .2mm solid #444; padding: 1mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: break-word }
td.id { overflow-wrap: anywhere }
th { background: #eee } th [lang=en] { display: block; font-weight: 400 }
td.number, .span { white-space: nowrap } td.number { text-align: right } td ul { margin: 0; padding-left: 1.2em } td [lang=en] { display: block }
th[scope=row] { width: 26mm }
.bold { font-weight: 700 } .doubtful { color: #555; font-style: italic }
.notes { font-size: 8.5pt; line-height: 1.35 } .notes p { margin-bottom: .8mm }
.sign { margin-top: 6mm; break-inside: avoid } .sign p { margin: 4mm 0 0; text-align: right }
`;

const both = ({ zh, en }: Bilingual): Html => html`${zh} <span lang="en">${en}</span>`;

export const heading = (title: Bilingual): Html => html`<h2>${[both(title)]}</h2>`;

export const paragraph = (text: Bilingual): Html => html`<p>${text.zh}<br><span lang="en">${text.en}</span></p>`;

export const headings = (columns: readonly Bilingual[]): Html =>
  html`<thead><tr>${columns.map((column) => html`<th>${[both(column)]}</th>`)}</tr></thead>`;

export interface Page {
  readonly title: Bilingual;
  /** Under the title: who, and when. */
  readonly under: Bilingual;
  /** In a frame above all: what the page is not. */
  readonly marks: readonly Bilingual[];
  readonly body: readonly Html[];
}

/** The whole document. */
export const pageOf = ({ title, under, marks, body }: Page): string => html`<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.zh} ${title.en}</title>
<style>${[STYLE as Html]}</style>
${marks.map((mark) => html`<div class="mark">${[both(mark)]}</div>`)}
<h1>${title.zh} <span lang="en">${title.en}</span></h1>
<div class="under">${[both(under)]}</div>
${body}
</html>
`;

/** Where a name and a seal are put by hand. */
export const signatures = (who: readonly Bilingual[]): Html =>
  html`<div class="sign">${who.map((one) => html`<p>${[both(one)]}：＿＿＿＿＿＿＿＿＿</p>\n`)}</div>`;

export { both };
