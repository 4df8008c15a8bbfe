import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
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
