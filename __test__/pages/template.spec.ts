// What all pages have in common: their templates, and how they take their data.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import test from 'ava';
import { fillTemplate, type PageName, template } from '../../dist/pages/template';
import { temporaryFolder } from '../util';
import { startBrowser } from './browser';

const PAGES: PageName[] = ['gallery', 'report'];

test('a template has one place for data, and its policy allows its own style and script only', (t) => {
  for (const name of PAGES) {
    const html = template(name);
    t.is(html.split('<!--data-->').length, 2, name);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    const hash = (element: string) => {
      const text = new RegExp(`<${element}>([^]*?)</${element}>`).exec(html)?.[1] ?? '';
      return `sha256-${createHash('sha256').update(text).digest('base64')}`;
    };
    t.is(
      policy,
      `default-src 'none'; script-src '${hash('script')}'; style-src '${hash('style')}'; img-src data: blob:; ` +
        "base-uri 'none'; form-action 'none'",
    );
  }
  t.true(template('report').includes('Leon Sorokin'), 'the licence of uPlot');
});

test('data are packed, so nothing in them ends the script or replaces anything', (t) => {
  const data = { text: "</script><!--data-->$& $' ü" };
  const html = fillTemplate('<a><!--data--></a>', data);
  const packed = /^<a><script type="application\/octet-stream" id="data">([A-Za-z0-9+/=]+)<\/script><\/a>$/.exec(
    html,
  )?.[1];
  t.deepEqual(JSON.parse(gunzipSync(Buffer.from(packed ?? '', 'base64')).toString()), data);
});

test('a page without data, and one whose data are damaged, say so', async (t) => {
  const browser = await startBrowser();
  t.teardown(() => browser.close());
  const file = join(temporaryFolder(t), 'page.html');
  for (const [html, message] of [
    [template('gallery'), 'The page has no data.'],
    [fillTemplate(template('gallery'), {}).replace('H4sI', 'H4sJ'), 'The data of the page are damaged'],
  ] as const) {
    writeFileSync(file, html);
    const page = await browser.newPage();
    await page.goto(`file://${file}`);
    t.true(((await page.getByRole('alert').textContent()) ?? '').startsWith(message));
  }
});
