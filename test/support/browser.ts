import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

/** Debian's; `undefined` where there is none. */
export const chromiumPath: string | undefined =
  find('chromium') ?? find('chromium-browser') ?? find('google-chrome');

/** Pictures that people look at; git ignores them. */
export const PICTURES: string = path.resolve(import.meta.dirname, '..', '..', 'test-output');

function find(name: string): string | undefined {
  try {
    return execFileSync('which', [name], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** @param rules for names of hosts, such as `MAP evil.example 127.0.0.1` */
export async function openBrowser(rules = ''): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    // In containers there is often neither a sandbox nor shared memory for it.
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      // Chromium draws a canvas that is read back often by other means from then on, with other pixels.
      '--disable-accelerated-2d-canvas',
      ...(rules === '' ? [] : [`--host-resolver-rules=${rules}`]),
    ],
  });
}

/** A page that notes all that a user would complain of. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts and of the console. */
  readonly errors: string[];
  /** Windows that scripts opened, such as `alert`. */
  readonly dialogs: string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const [errors, dialogs]: [string[], string[]] = [[], []];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      errors.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.accept();
  });
  return { page, context, errors, dialogs };
}

export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });
}

/** What axe finds that would keep people from using a page, in words. The page must let scripts be put into it. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate<{
    readonly violations: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[];
  }>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`);
}

/** How much wider a page is than its window, in pixels. */
export async function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** How a page is looked at. */
export const LOOKS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['phone', { viewport: { width: 390, height: 844 }, isMobile: true, deviceScaleFactor: 2 }],
];
