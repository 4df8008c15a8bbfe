import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rasterizer } from '../../../src/views/report/raster.ts';
import { reportOf } from '../../../src/views/report/report.ts';
import { plainToYaml } from '../../../src/config/write.ts';
import { GloMPOManager } from '../../../src/index.ts';
import { chromiumPath, openBrowser, openPage, PICTURES, takePicture } from '../../support/browser.ts';
import { Folder } from '../../support/folder.ts';

/** The report of a run with optimizers of two kinds, of which many are killed. @returns its address */
async function reportIn(folder: Folder): Promise<string> {
  await using manager = new GloMPOManager({
    task: { benchmark: 'rastrigin', dimension: 6 },
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
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const looks = [
      ['light', {}],
      ['dark', { colorScheme: 'dark' }],
      ['phone', { viewport: { width: 390, height: 844 }, isMobile: true, deviceScaleFactor: 2 }],
    ] as const;
    for (const [look, options] of looks) {
      // For axe, which is put into the page.
      const { page, context, errors } = await openPage(browser, { ...options, bypassCSP: true });
      await context.setOffline(true);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(address);
      expect([asked, errors]).toEqual([[address], []]);
      await takePicture(page, `report-${look}`);
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect([look, overflow]).toEqual([look, 0]);
      await page.evaluate(axe);
      const { violations } = await page.evaluate<{
        readonly violations: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[];
      }>('axe.run()');
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${look} ${id}: ${nodes[0]!.html.slice(0, 200)}`)).toEqual([]);
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
