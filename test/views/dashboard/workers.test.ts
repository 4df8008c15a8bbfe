import { describe, expect, it } from 'vitest';
import { Dashboard } from '../../../src/views/dashboard/server.ts';
import { chromiumPath, openBrowser, openPage } from '../../support/browser.ts';
import { startCli } from '../../support/cli.ts';
import { hasNats, TestWorker } from '../../support/cluster.ts';
import { prepare } from '../../support/cluster-run.ts';
import { Folder } from '../../support/folder.ts';

describe.skipIf(chromiumPath === undefined || !hasNats)('the page of a run on other machines', () => {
  it('tells who came, among what happened and alone', async () => {
    using folder = new Folder();
    const dir = prepare(folder, 30);
    const run = startCli(['run', 'fit.yaml', '--dir', dir, '--engine', 'own'], folder.path);
    await using _ = new TestWorker(folder, 'fit.yaml', dir, '--slots', '2', '--linger', '30');
    expect((await run).exitCode).toBe(0);
    await using browser = await openBrowser();
    await using dashboard = await Dashboard.open({ directory: dir });
    const { page, errors } = await openPage(browser);
    await page.goto(dashboard.address('viewer'));
    await page.getByRole('tab', { name: 'Events' }).click();
    const told = async (): Promise<readonly string[]> => page.locator('.events .type').allInnerTexts();
    await expect.poll(told).toContain('cluster');
    expect(await told()).toContain('run-ended');
    await page.getByLabel('show').selectOption('workers on other machines');
    await expect.poll(async () => new Set(await told())).toEqual(new Set(['cluster']));
    expect(await page.locator('.events .message').last().innerText()).toMatch(
      /^worker \d+ on \S+ joined with 2 slots$/,
    );
    expect(errors).toEqual([]);
  });
});
