// How sheets go on paper: A4 across, a sheet as wide as the page, its headings again on every page. The writer has no options for it.

const FIT = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>';

const titlesOf = (sheets: readonly string[], rows: number): string =>
  sheets
    .map(
      (name, at) => `<definedName name="_xlnm.Print_Titles" localSheetId="${at}">'${name}'!$1:$${rows}</definedName>`,
    )
    .join('');

/**
 * @param sheets names of the sheets, in order
 * @param rows rows of headings that every page begins with
 */
export const onPaper = (sheets: readonly string[], rows: number) => ({
  files: {
    transform: {
      'xl/workbook.xml': {
        transform: (xml: string) =>
          xml.replace('<definedNames/>', () => `<definedNames>${titlesOf(sheets, rows)}</definedNames>`),
      },
      'xl/worksheets/sheet{id}.xml': {
        transform: (xml: string) => xml.replace(/<worksheet[^>]*>/, (tag) => tag + FIT),
        transformElementAttributes: (tag: string, attributes: Record<string, string | number>) =>
          tag === 'pageSetup' ? { ...attributes, fitToWidth: 1, fitToHeight: 0 } : attributes,
      },
    },
  },
});
