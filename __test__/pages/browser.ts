/** Shared by the tests of pages: a browser, and pages in it that must neither fail nor ask for anything. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { fillTemplate, type PageName, template } from '../../dist/pages/template';
import { root, temporaryFolder } from '../util';

/** Where Debian's package has it. */
const CHROMIUM = process.env['XFORM_CHROMIUM'] ?? '/usr/bin/chromium';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The molecules of `__test__/fixture/drawings.json`: SVGs by RDKit's MolDraw2DSVG, without white space. */
export const drawings: { phenol: string; anisole: string; fluorobenzene: string } = JSON.parse(
  readFileSync(join(root, '__test__', 'fixture', 'drawings.json'), 'utf8'),
);

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM });
}

/** What went wrong in the pages of a test. */
export interface Watched {
  faults: string[];
}

/** Tests that share a browser, which starts before the first. A test fails if its page logs anything or asks for a file. */
export function testsOfPages(): { test: TestFn<Watched>; browser: () => Browser } {
  const test = anyTest as TestFn<Watched>;
  let browser: Browser | undefined;
  test.before(async () => {
    browser = await startBrowser();
  });
  test.after.always(() => browser?.close());
  test.afterEach('no error, no message, no request', (t) => t.deepEqual(t.context.faults, []));
  const started = () => {
    if (browser === undefined) throw new Error('the browser is not started before the first test');
    return browser;
  };
  return { test, browser: started };
}

/** How a page is opened; a browser that `isBusy` never finds time for what can wait. */
type Opening = BrowserContextOptions & { hash?: string; isBusy?: boolean };

/** A page with these data. */
export function openPage(
  t: ExecutionContext<Watched>,
  browser: Browser,
  name: PageName,
  data: unknown,
  opening: Opening = {},
): Promise<Page> {
  const file = join(temporaryFolder(t), `${name}.html`);
  writeFileSync(file, fillTemplate(template(name), data));
  return openFile(t, browser, file, opening);
}

/**
 * A page in a file. Errors, messages, dialogs and requests, except those for the page itself and its drawings, are faults of
 * the test.
 */
export async function openFile(
  t: ExecutionContext<Watched>,
  browser: Browser,
  file: string,
  { hash = '', isBusy = false, ...context }: Opening = {},
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...context });
  t.teardown(() => page.close());
  const faults: string[] = [];
  t.context.faults = faults;
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (url !== `file://${file}` && !/^(blob|data):/.test(url)) faults.push(`request: ${url}`);
  });
  if (isBusy) await page.addInitScript('window.requestIdleCallback = () => 0');
  await page.goto(`file://${file}${hash}`);
  await page.locator('main').waitFor();
  return page;
}

/** What axe-core finds wrong with the page as it is, one line for each rule. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return violations.map(({ id, help, nodes: [first, ...others] }) =>
    [`${id}: ${help}: ${first?.html} ${first?.failureSummary}`, `and ${others.length} others`].join('\n'),
  );
}

/** Waits for `count` images or canvases that the selector names, and returns in which of all something is visible. */
export async function isDrawn(page: Page, selector: string, count: number): Promise<boolean[]> {
  const pictures = page.locator(selector);
  if (count > 0) await pictures.nth(count - 1).waitFor({ state: 'attached' });
  return pictures.evaluateAll((all) =>
    Promise.all(
      all.map(async (each) => {
        if (each instanceof HTMLImageElement) await each.decode();
        const source = each as HTMLImageElement | HTMLCanvasElement;
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [source.width, source.height];
        const context = canvas.getContext('2d');
        context?.drawImage(source, 0, 0, canvas.width, canvas.height);
        return context?.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0) ?? false;
      }),
    ),
  );
}

/** Changes the colours of the system, and waits until the page has followed. */
export async function changeColours(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
}

/** How much wider than the screen the page is. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
