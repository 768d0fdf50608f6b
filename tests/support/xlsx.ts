// Reads an xlsx file back without the package that wrote it: a ZIP archive of XML, unpacked by node:zlib.
import { inflateRawSync } from 'node:zlib';

/** Files of a ZIP archive by name, through its central directory. */
export const unzip = (archive: Buffer): Map<string, Buffer> => {
  const end = archive.lastIndexOf(Buffer.from('504b0506', 'hex'));
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const header = archive.readUInt32LE(at + 42);
    const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    const bytes = archive.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed);
    files.set(archive.toString('utf8', at + 46, at + 46 + name), bytes);
    at += 46 + name + extra + comment;
  }
  return files;
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (xml: string): string => xml.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);

const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];

/** Elements of a name: their opening tag and what is inside. */
const elements = (xml: string, name: string): { tag: string; inner: string }[] =>
  [...xml.matchAll(new RegExp(`<${name}(?=[ />])([^>]*?)(?:/>|>([\\s\\S]*?)</${name}>)`, 'g'))].map((found) => ({
    tag: found[1] ?? '',
    inner: found[2] ?? '',
  }));

export interface SheetCell {
  readonly value: number | string | undefined;
  /** Number format, and #RRGGBB of the ground; as Excel would show it. */
  readonly format: string | undefined;
  readonly fill: string | undefined;
  readonly italic: boolean;
}

export interface ReadSheet {
  readonly name: string;
  /** Rows of cells, from the first row and the first column on. */
  readonly rows: readonly (readonly SheetCell[])[];
  readonly xml: string;
}

const columnOf = (reference: string): number =>
  [...reference.replace(/\d+/, '')].reduce((sum, letter) => 26 * sum + letter.charCodeAt(0) - 64, 0) - 1;

const stylesOf = (xml: string) => {
  const section = (name: string): string => elements(xml, name)[0]?.inner ?? '';
  const formats = new Map(
    elements(section('numFmts'), 'numFmt').map(({ tag }) => [
      attribute(tag, 'numFmtId'),
      plain(attribute(tag, 'formatCode') ?? ''),
    ]),
  );
  const fonts = elements(section('fonts'), 'font').map(({ inner }) => /<i[ />]/.test(inner));
  const fills = elements(section('fills'), 'fill').map(
    ({ inner }) => /fgColor rgb="(?:FF)?([0-9A-F]{6})"/i.exec(inner)?.[1],
  );
  return elements(section('cellXfs'), 'xf').map(({ tag }) => ({
    format: formats.get(attribute(tag, 'numFmtId')),
    italic: fonts[Number(attribute(tag, 'fontId'))] === true,
    fill: fills[Number(attribute(tag, 'fillId'))],
  }));
};

/** Every sheet of a workbook, in order. */
export const readWorkbook = (archive: Buffer): ReadSheet[] => {
  const files = unzip(archive);
  const text = (name: string): string => files.get(name)?.toString('utf8') ?? '';
  const shared = elements(text('xl/sharedStrings.xml'), 'si').map(({ inner }) =>
    plain(
      elements(inner, 't')
        .map((one) => one.inner)
        .join(''),
    ),
  );
  const styles = stylesOf(text('xl/styles.xml'));
  const cellOf = (tag: string, inner: string): SheetCell => {
    const style = styles[Number(attribute(tag, 's') ?? 0)];
    const raw = elements(inner, 'v')[0]?.inner;
    const value = raw === undefined ? undefined : attribute(tag, 't') === 's' ? shared[Number(raw)] : Number(raw);
    return { value, format: style?.format, fill: style?.fill, italic: style?.italic === true };
  };
  const NONE: SheetCell = { value: undefined, format: undefined, fill: undefined, italic: false };
  return elements(text('xl/workbook.xml'), 'sheet').map(({ tag }, index) => {
    const xml = text(`xl/worksheets/sheet${index + 1}.xml`);
    const rows: SheetCell[][] = [];
    for (const row of elements(xml, 'row')) {
      const cells: SheetCell[] = [];
      for (const cell of elements(row.inner, 'c')) {
        const at = columnOf(attribute(cell.tag, 'r') ?? '');
        while (cells.length < at) cells.push(NONE);
        cells.push(cellOf(cell.tag, cell.inner));
      }
      rows[Number(attribute(row.tag, 'r')) - 1] = cells;
    }
    return { name: plain(attribute(tag, 'name') ?? ''), rows: Array.from(rows, (row) => row ?? []), xml };
  });
};
