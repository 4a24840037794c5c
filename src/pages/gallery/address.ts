/** Where molecules and pages are. */

/** The id of a molecule's element, which links from the index name. */
export function idOf(row: number): string {
  return `row-${row}`;
}

/** The address of a page beside this one, whatever characters its name has. */
export function hrefOf(file: string, row?: number): string {
  return `./${encodeURIComponent(file)}${row === undefined ? '' : `#${idOf(row)}`}`;
}
