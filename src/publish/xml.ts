// XML 1.0, written: elements with attributes and either text or children. What a text must not hold is escaped or, where XML has no way to
// write it (control characters, lone surrogates), left out.

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly Element[];
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 has: tab, line feed, and from the space up but for surrogates and two that are no characters. */
const inXml = (text: string): string =>
  [...text].filter((sign) => /[\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(sign)).join('');

export const escapeXml = (text: string): string => inXml(text).replace(/[&<>"]/g, (sign) => ESCAPES[sign]!);

/** An element; children that are undefined are left out. */
export const element = (
  name: string,
  content: string | readonly (Element | undefined)[],
  attributes: Readonly<Record<string, string>> = {},
): Element => ({
  name,
  attributes,
  content: typeof content === 'string' ? content : content.filter((child) => child !== undefined),
});

const written = ({ name, attributes, content }: Element, indent: string): string => {
  const listed = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapeXml(value).replace(/[\t\n]/g, ' ')}"`,
  );
  const open = `${indent}<${name}${listed.join('')}`;
  if (content.length === 0) return `${open}/>\n`;
  if (typeof content === 'string') return `${open}>${escapeXml(content)}</${name}>\n`;
  return `${open}>\n${content.map((child) => written(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
};

/** The whole document, UTF-8. */
export const xmlDocument = (root: Element): string => `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}`;
