/** The pages as `npm run build:ts` leaves them beside this file: complete, except for their data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export type PageName = 'gallery' | 'report';

/** The place of the data in a template; it occurs exactly once. */
const DATA = '<!--data-->';

/** The HTML of a page, with `<!--data-->` in place of its data. */
export function template(name: PageName): string {
  return readFileSync(join(__dirname, `${name}.html`), 'utf8');
}

/** Puts `data` into a template, as JSON that the page unpacks: gzipped, in base64, so no text in it can end the script. */
export function fillTemplate(html: string, data: unknown): string {
  const packed = gzipSync(JSON.stringify(data)).toString('base64');
  return html.replace(DATA, () => `<script type="application/octet-stream" id="data">${packed}</script>`);
}
