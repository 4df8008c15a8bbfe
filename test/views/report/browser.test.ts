import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rasterizer } from '../../../src/views/report/raster.ts';
import { reportOf } from '../../../src/views/report/report.ts';
import { plainToYaml } from '../../../src/config/write.ts';
import { GloMPOManager } from '../../../src/index.ts';
import {
  chromiumPath,
  LOOKS,
  openBrowser,
  openPage,
  overflowOf,
  PICTURES,
  seriousFaults,
  takePicture,
} from '../../support/browser.ts';
import { Folder } from '../../support/folder.ts';

/** The report of a run with optimizers of two kinds, of which many are killed. @returns its address */
async function reportIn(folder: Folder, dimension = 6): Promise<string> {
  await using manager = new GloMPOManager({
    task: { benchmark: 'rastrigin', dimension },
    optimizers: [{ 'cma-es': { populationSize: 8 } }, 'nelder-mead'],
    hunters: { 'evaluations-unmoving': { calls: 60, tolerance: 0.1 } },
    stop: { 'max-evaluations': 6000 },
    manager: { maxJobs: 4, backend: 'inline', huntFrequency: 100, seed: 7, shareBest: true },
    dir: folder.at('run'),
  });
  await manager.start();
  const { html, plots } = await reportOf(folder.at('run'), {
    settings: plainToYaml,
    at: Date.now(),
    turn: async () => Promise.resolve(),
  });
  const rasterizer = await Rasterizer.load();
  mkdirSync(PICTURES, { recursive: true });
  for (const { name, svg } of plots)
    writeFileSync(path.join(PICTURES, `report-plot-${name}.png`), rasterizer.png(svg, 1.5));
  return pathToFileURL(folder.write('report.html', html)).href;
}

describe.skipIf(chromiumPath === undefined)('a report in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser.close();
  });

  it('opens without network and without scripts, and has no serious fault on a screen or on paper', async () => {
    using folder = new Folder();
    const address = await reportIn(folder);
    for (const [look, options] of LOOKS) {
      // For axe, which is put into the page.
      const { page, context, errors } = await openPage(browser, { ...options, bypassCSP: true });
      await context.setOffline(true);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(address);
      expect([asked, errors]).toEqual([[address], []]);
      await takePicture(page, `report-${look}`);
      expect([look, await overflowOf(page)]).toEqual([look, 0]);
      expect([look, await seriousFaults(page)]).toEqual([look, []]);
      await context.close();
    }
  });

  it('breaks no number, however wide its tables are', async () => {
    using folder = new Folder();
    const address = await reportIn(folder, 20);
    const media: readonly ('screen' | 'print')[] = ['screen', 'print'];
    for (const [look, options] of LOOKS)
      for (const medium of media) {
        const { page, context } = await openPage(browser, options);
        await page.emulateMedia({ media: medium });
        await page.goto(address);
        const cells = await page.evaluate<readonly (readonly [string, number])[]>(
          `[...document.querySelectorAll('tbody .number')].map((cell) => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return [cell.textContent, range.getClientRects().length];
          })`,
        );
        expect(cells.length).toBeGreaterThan(100);
        expect([look, medium, cells.filter(([, lines]) => lines > 1)]).toEqual([look, medium, []]);
        await context.close();
      }
  });

  it('is the same without the way around its own policy, with its pictures in colours', async () => {
    using folder = new Folder();
    const address = await reportIn(folder);
    const { page, errors } = await openPage(browser, { colorScheme: 'dark' });
    await page.goto(address);
    const fill = async (): Promise<string> =>
      page.evaluate<string>("getComputedStyle(document.querySelector('svg[role=img] > rect')).fill");
    expect(await fill()).toBe('rgb(29, 33, 37)');
    // Paper is light, also for those who like it dark.
    await page.emulateMedia({ media: 'print' });
    expect(await fill()).toBe('rgb(255, 255, 255)');
    await page.setViewportSize({ width: 690, height: 1000 });
    await takePicture(page, 'report-print');
    expect(
      await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      ),
    ).toBe(0);
    expect(errors).toEqual([]);
  });
});
