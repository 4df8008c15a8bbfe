import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GloMPOManager } from '../../../src/index.ts';
import { fromBytes } from '../../../src/log/float64.ts';
import { Dashboard } from '../../../src/views/dashboard/server.ts';
import {
  chromiumPath,
  LOOKS,
  openBrowser,
  openPage,
  overflowOf,
  seriousFaults,
  takePicture,
  type WatchedPage,
} from '../../support/browser.ts';
import { startCli } from '../../support/cli.ts';
import { query } from '../../support/database.ts';
import { Folder } from '../../support/folder.ts';

const TABS = ['Values', 'Slots', 'Parameters', 'Optimizers', 'Events', 'Machine', 'Setup'] as const;

/** So slow that there is time to steer it, and with optimizers that are killed. */
function liveConfig(folder: Folder): string {
  folder.write(
    'task.mjs',
    'export default async (x) => { await new Promise((r) => setTimeout(r, 2)); return x.reduce((s, v) => s + v * v - 10 * Math.cos(2 * Math.PI * v) + 10, 0); };',
  );
  return folder.write(
    'live.yaml',
    `task: { module: task.mjs }
parameters:
  - { name: a, min: -5, max: 5 }
  - { name: b, min: -5, max: 5 }
optimizers: [{ cma-es: { populationSize: 6 } }, nelder-mead]
hunters: { evaluations-unmoving: { calls: 30, tolerance: 0.5 } }
stop: { max-evaluations: 1000000 }
manager: { maxJobs: 4, seed: 3, backend: threads, huntFrequency: 40 }
`,
  );
}

/** Goes on reading, so that the run can go on writing. */
async function addressOf(stderr: Readable): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  stderr.on('data', (chunk: Buffer) => {
    text += String(chunk);
    const found = /page: (http:\S+)/.exec(text);
    if (found) resolve(found[1]!);
  });
  stderr.once('end', () => {
    reject(new Error(`no page: ${text}`));
  });
  return promise;
}

async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await holds()) return;
    await sleep(25);
  }
  throw new Error(`never came: ${what}`);
}

async function show(page: Page, tab: (typeof TABS)[number]): Promise<void> {
  await page.getByRole('tab', { name: tab }).click();
}

async function countIn(page: Page, card: string): Promise<number> {
  const text = await page.locator(`[data-testid=${card}] b`).innerText();
  return Number(text.replaceAll(/[^\d.]/g, ''));
}

/** All that a page shows of a run, as words and as pixels, once it stays so: charts are drawn after the words beside them. */
async function shown(page: Page): Promise<object> {
  const cards = await page.locator('.cards').innerText();
  const canvases: string[] = [];
  for (const tab of ['Values', 'Slots'] as const) {
    await show(page, tab);
    canvases.push(...(await settled(async () => canvasesOf(page))));
  }
  await show(page, 'Optimizers');
  const optimizers = await page.locator('tbody').innerText();
  return { cards, canvases, optimizers: optimizers.replaceAll(/\bStop.*/g, '') };
}

async function canvasesOf(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() =>
      resolve([...document.querySelectorAll('.chart canvas')].map((canvas) => canvas.toDataURL())))));
  })`);
}

/** What is the same twice in a row, and is not nothing. */
async function settled(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  let before: readonly string[] = [];
  await until(async () => {
    const now = await look();
    const isSettled = now.length > 0 && isDeepStrictEqual(now, before);
    before = now;
    if (!isSettled) await sleep(100);
    return isSettled;
  }, 'a picture that stays');
  return before;
}

// Twelve times as slow a machine needs more than a minute for the longest.
describe.skipIf(chromiumPath === undefined)('the page of a run', { timeout: 240_000 }, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser('MAP evil.example 127.0.0.1');
  });

  afterAll(async () => {
    await browser.close();
  });

  it('follows a live run, steers it, and shows at its end what the finished run shows', async () => {
    using folder = new Folder();
    const dir = folder.at('run');
    const run = startCli(['run', liveConfig(folder), '--dir', dir, '--dashboard'], folder.path);
    using _ = { [Symbol.dispose]: () => run.kill('SIGKILL') };
    const { page, errors, dialogs } = await openPage(browser);
    await page.goto(await addressOf(run.stderr));

    await until(
      async () =>
        (await page.locator('[data-testid=evaluations] b').count()) > 0 &&
        (await countIn(page, 'evaluations')) > 50,
      'evaluations',
    );
    const before = await countIn(page, 'evaluations');
    await until(async () => (await countIn(page, 'evaluations')) > before, 'more evaluations');

    // A kill appears as it happens, with its reason.
    await show(page, 'Events');
    const kill = page.locator('.events li', { has: page.locator('.type.kill') }).first();
    await kill.waitFor({ timeout: 60_000 });
    expect(await kill.innerText()).toMatch(
      /killed by \d+: evaluations-unmoving\(sd .+ <= 0\.5·spread .+\) true/,
    );
    await page.getByRole('combobox', { name: 'show' }).selectOption('hunts');
    await page
      .getByText(/spared, and why/)
      .first()
      .click();
    await expect
      .poll(async () => page.locator('.events details[open] li').first().innerText())
      .toMatch(/optimizer \d+: evaluations-unmoving/);

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused: dashboard').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'Checkpoint' }).click();
    await page.getByText('A checkpoint was made').waitFor();

    await show(page, 'Optimizers');
    await page.getByRole('combobox', { name: 'show' }).selectOption('running');
    const interventions = (): readonly { readonly id: number }[] =>
      query<{ id: number }>(dir, "SELECT optimizer_id AS id FROM events WHERE type = 'stop-optimizer'");
    // One may end by itself while it is being asked for.
    await until(async () => {
      if (interventions().length > 0) return true;
      const stop = page.getByRole('button', { name: /^Stop optimizer \d+/ }).first();
      await stop.click({ timeout: 2000 }).catch(() => {});
      await sleep(200);
      return false;
    }, 'the intervention in the log');
    expect(dialogs).toContain(`End optimizer ${interventions()[0]!.id}? Another takes its slots.`);
    await takePicture(page, 'live-optimizers');

    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByText('This page is served no more').waitFor();
    await run;
    expect(await page.locator('.state').innerText()).toMatch('finished');
    // Nothing is ending any more.
    expect(await page.locator('header .message').innerText()).toBe('');
    for (const type of ['pause', 'unpause', 'checkpoint', 'stop-optimizer', 'stop'])
      expect(
        query<{ message: string }>(dir, `SELECT message FROM events WHERE type = '${type}'`),
      ).not.toEqual([]);
    expect(
      query<{ message: string }>(dir, "SELECT message FROM events WHERE type = 'stop'")[0]!.message,
    ).toBe('stopped by hand: dashboard');

    await page.getByRole('combobox', { name: 'show' }).selectOption('all');
    const live = await shown(page);
    // Of the stream that ended with its server: said by the browser itself.
    expect(errors.filter((error) => !/ERR_(?:CONNECTION|INCOMPLETE|EMPTY)/.test(error))).toEqual([]);

    await using dashboard = await Dashboard.open({ directory: dir });
    const later = await openPage(browser);
    await later.page.goto(dashboard.address('owner'));
    await later.page.locator('.cards').waitFor();
    await expect.poll(async () => await shown(later.page)).toEqual(live);
    expect(await later.page.getByRole('button', { name: 'Stop the run' }).count()).toBe(0);
    expect(later.errors).toEqual([]);
  });

  it('replays a run, and comes back to its end', async () => {
    using folder = new Folder();
    await finished(folder);
    await using dashboard = await Dashboard.open({ directory: folder.at('run') });
    const { page, errors } = await openPage(browser);
    await page.goto(dashboard.address('viewer'));
    await page.locator('.chart canvas').waitFor();
    const end = await shown(page);
    const slider = page.getByRole('slider');
    await slider.focus();
    for (let press = 0; press < 5; press++) await page.keyboard.press('PageDown');
    expect(await countIn(page, 'evaluations')).toBe(1500);
    const [best] = query<{ fx: number }>(
      folder.at('run'),
      'SELECT min(fx) AS fx FROM evaluations WHERE call_id <= 1500',
    );
    expect(await page.locator('[data-testid=best] b').innerText()).toBe(
      String(Number(best!.fx.toPrecision(10))),
    );
    expect(await shown(page)).not.toEqual(end);
    // How many evaluations one had by then that was still running is not known, and not said.
    const running = page.getByRole('row').filter({ has: page.getByText('running', { exact: true }) });
    expect(await running.first().getByRole('cell').nth(2).innerText()).toBe('–');
    await page.getByRole('button', { name: 'To the end' }).click();
    expect(await shown(page)).toEqual(end);
    await page.getByRole('button', { name: 'Replay' }).click();
    await until(async () => (await countIn(page, 'evaluations')) === 3000, 'the end of the replay');
    expect(await shown(page)).toEqual(end);
    expect(errors).toEqual([]);
  });

  it('counts what had used the budget at any moment of a run that began with the evaluations of another', async () => {
    using folder = new Folder();
    await finished(folder, { evaluations: 300 });
    await using manager = new GloMPOManager({
      task: { benchmark: 'rastrigin', dimension: 4 },
      optimizers: ['random'],
      hunters: 'none',
      stop: { 'max-evaluations': 300 },
      manager: { maxJobs: 1, backend: 'inline', seed: 1 },
      warmStart: folder.at('run'),
      dir: folder.at('next'),
    });
    await manager.start();
    await using dashboard = await Dashboard.open({ directory: folder.at('next') });
    const { page, errors } = await openPage(browser);
    await page.goto(dashboard.address('viewer'));
    expect(await countIn(page, 'evaluations')).toBe(300);
    const counts: number[] = [];
    await page.getByRole('slider').focus();
    for (let press = 0; press < 9; press++) {
      await page.keyboard.press('PageDown');
      counts.push(await countIn(page, 'evaluations'));
    }
    expect(counts).toEqual([240, 180, 120, 60, 0, 0, 0, 0, 0]);
    expect(errors).toEqual([]);
  });

  it('shows a part of the run as finely as it can be, and follows one optimizer', async () => {
    using folder = new Folder();
    await finished(folder);
    await using dashboard = await Dashboard.open({ directory: folder.at('run') });
    const { page, errors } = await openPage(browser);
    await page.goto(dashboard.address('viewer'));
    const box = (await page.locator('.u-over').boundingBox())!;
    const zoomed = page.waitForResponse(/api\/zoom/);
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 100, { steps: 5 });
    await page.mouse.up();
    expect((await zoomed).status()).toBe(200);
    await page.getByRole('button', { name: 'Whole run' }).click();
    await page.getByRole('combobox', { name: 'over' }).selectOption('times');
    await page.getByRole('combobox', { name: 'scale' }).selectOption('gap');
    await page.getByLabel('best so far').check();
    await show(page, 'Optimizers');
    await page.getByRole('rowheader', { name: /^2\b/ }).getByRole('button').click();
    await page.getByRole('heading', { name: 'Optimizer 2:' }).waitFor();
    await page.getByText('populationSize').waitFor();
    await show(page, 'Parameters');
    await page.getByRole('combobox', { name: 'parameter' }).selectOption('x2');
    await page.getByRole('combobox', { name: 'of', exact: true }).selectOption('50');
    await expect.poll(async () => page.locator('.wide svg path').count()).toBe(50);
    expect(errors).toEqual([]);
  });

  it('says of what it had not asked for that nobody answers, not that there is none', async () => {
    using folder = new Folder();
    await finished(folder);
    const dashboard = await Dashboard.open({ directory: folder.at('run') });
    const { page, errors } = await openPage(browser);
    await page.goto(dashboard.address('viewer'));
    await show(page, 'Events');
    await page.locator('.events li').first().waitFor();
    await show(page, 'Values');
    await page.locator('.chart canvas').waitFor();
    await dashboard.end();
    await dashboard[Symbol.asyncDispose]();
    await page.getByText('This page is served no more').waitFor();
    const missing = page.locator('main').getByText('Nobody answers, and the page has not got this');
    await page.locator('.card').getByText('where').click();
    await missing.waitFor();
    expect(await missing.innerText()).toContain(`glompo dashboard ${folder.at('run')}`);
    await page.locator('.card').getByText('where').click();
    await show(page, 'Events');
    await missing.locator('visible=true').waitFor();
    expect(await page.getByText('Nothing of this kind has happened').count()).toBe(0);
    await takePicture(page, 'gone-events');
    await show(page, 'Parameters');
    await expect.poll(async () => missing.locator('visible=true').count()).toBe(2);
    await takePicture(page, 'gone-parameters');
    await show(page, 'Optimizers');
    await page.getByRole('rowheader', { name: /^2\b/ }).getByRole('button').click();
    await page.locator('.detail').getByText('Nobody answers').waitFor();
    await takePicture(page, 'gone-optimizers');
    expect(errors.filter((error) => !/ERR_(?:CONNECTION|INCOMPLETE|EMPTY)/.test(error))).toEqual([]);
  });

  it('knows nothing of a run any more whose directory another one has taken', async () => {
    using folder = new Folder();
    await finished(folder);
    await using dashboard = await Dashboard.open({ directory: folder.at('run') });
    const { page, errors } = await openPage(browser);
    await page.goto(dashboard.address('viewer'));
    await page.getByText('where').click();
    const point = page.locator('.card dl');
    const pointOf = async (): Promise<readonly string[]> => {
      const [row] = query<{ x: Buffer }>(
        folder.at('run'),
        'SELECT x FROM evaluations ORDER BY fx, call_id LIMIT 1',
      );
      return [...fromBytes(row!.x)].map((value) => String(Number(value.toPrecision(7))));
    };
    await expect
      .poll(async () => (await point.innerText()).split(/\s+/))
      .toEqual((await pointOf()).flatMap((value, i) => [`x${i + 1}`, value]));
    await show(page, 'Optimizers');
    await page.getByRole('rowheader', { name: /^2\b/ }).getByRole('button').click();
    await page.getByRole('heading', { name: 'Optimizer 2:' }).waitFor();
    // One call each, so that the best is the same call.
    for (const seed of [1, 2]) {
      await finished(folder, { seed, overwrite: true, evaluations: 1 });
      await until(async () => (await countIn(page, 'evaluations')) === 1, 'the other run');
      await until(
        async () => (await page.getByRole('heading', { name: 'Optimizer 2:' }).count()) === 0,
        'another one',
      );
      const expected = (await pointOf()).flatMap((value, i) => [`x${i + 1}`, value]).join(' ');
      // Whenever another run is shown, it is closed.
      await until(async () => {
        if (await page.evaluate<boolean>("!document.querySelector('.card details')?.open"))
          await page.getByText('where').click();
        return (await point.innerText()).split(/\s+/).join(' ') === expected;
      }, 'the point of the other run');
    }
    // What it asks while one run takes the place of another has no answer, which the browser itself says.
    expect(errors.filter((error) => !/status of (?:404|503)/.test(error))).toEqual([]);
  });

  it('lets in nobody without the token, by another name, or from the page of another', async () => {
    using folder = new Folder();
    await finished(folder);
    await using dashboard = await Dashboard.open({ directory: folder.at('run') });
    const { page } = await openPage(browser);
    const { port } = dashboard;
    expect((await page.goto(`http://127.0.0.1:${port}/`))!.status()).toBe(403);
    await page.getByText('Not without the token').waitFor();
    const { search, pathname } = new URL(dashboard.address('owner'));
    // A name of somebody's own that points here: what DNS rebinding comes to.
    expect((await page.goto(`http://evil.example:${port}${pathname}${search}`))!.status()).toBe(403);
    // With the cookie in this browser, another site's page asks and posts.
    await page.goto(dashboard.address('owner'));
    await page.locator('.cards').waitFor();
    expect(page.url()).not.toContain('token');
    await page.goto(`http://evil.example:${port}/`);
    const refused = await page.evaluate(async (target) => {
      const ask = async (path: string, init: RequestInit): Promise<string> => {
        try {
          const { status, type } = await fetch(`${target}api/${path}`, {
            credentials: 'include',
            ...init,
          });
          return `${type} ${status}`;
        } catch {
          return 'refused';
        }
      };
      return Promise.all([
        ask('events', {}),
        ask('commands', {
          method: 'POST',
          body: '{"command":"stop"}',
          headers: { 'Content-Type': 'application/json' },
        }),
        ask('commands', { method: 'POST', body: '{"command":"stop"}', mode: 'no-cors' }),
      ]);
    }, `http://127.0.0.1:${port}${pathname}`);
    expect(refused.filter((answer) => answer.endsWith(' 200'))).toEqual([]);
  });

  it('shows what is in a log as text, whatever it is', async () => {
    using folder = new Folder();
    const nasty = '<img src=x onerror=alert(1)>';
    folder.write(
      'task.mjs',
      `export default (x) => { if (x[0] > 0) throw new Error(${JSON.stringify(`${nasty}</script><script>alert(2)</script>`)}); return x[0]; };`,
    );
    folder.write(
      'evil.yaml',
      `task: { module: task.mjs }
parameters: [{ name: '${nasty}', min: -1, max: 1 }, { name: '__proto__', min: 0, max: 1 }]
optimizers: [random]
hunters: none
stop: { max-evaluations: 60 }
manager: { backend: inline, maxJobs: 1, seed: 1 }
`,
    );
    await using manager = new GloMPOManager({ config: folder.at('evil.yaml'), dir: folder.at('run') });
    await manager.start();
    await using dashboard = await Dashboard.open({ directory: folder.at('run') });
    const { page, errors, dialogs } = await openPage(browser);
    await page.goto(dashboard.address('viewer'));
    await page.getByText('where').click();
    await page.locator('.card dt', { hasText: nasty }).waitFor();
    for (const tab of TABS) {
      await show(page, tab);
      await page.waitForLoadState('networkidle').catch(() => {});
    }
    await show(page, 'Parameters');
    await expect.poll(async () => page.locator('.rail title').first().textContent()).toBe(nasty);
    expect(await page.locator('img').count()).toBe(0);
    expect([dialogs, errors]).toEqual([[], []]);
  });

  it('has no serious fault for those who cannot see it, use no mouse or like it dark', async () => {
    using folder = new Folder();
    await finished(folder);
    await using dashboard = await Dashboard.open({ directory: folder.at('run') });
    for (const [look, options] of LOOKS) {
      // For axe, which is put into the page.
      const watched: WatchedPage = await openPage(browser, { ...options, bypassCSP: true });
      const { page } = watched;
      await page.goto(dashboard.address('viewer'));
      await page.locator('.chart canvas').waitFor();
      for (const tab of TABS) {
        await show(page, tab);
        await sleep(150);
        await takePicture(page, `${look}-${tab.toLowerCase()}`);
        expect([look, tab, await seriousFaults(page)]).toEqual([look, tab, []]);
        expect([look, tab, await overflowOf(page)]).toEqual([look, tab, 0]);
      }
      await show(page, 'Values');
      await page.keyboard.press('ArrowRight');
      expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Slots');
      await watched.context.close();
    }
  });
});

async function finished(
  folder: Folder,
  { seed = 7, overwrite = false, evaluations = 3000 } = {},
): Promise<void> {
  await using manager = new GloMPOManager({
    task: { benchmark: 'rastrigin', dimension: 4 },
    optimizers: [{ 'cma-es': { populationSize: 8 } }],
    hunters: { 'evaluations-unmoving': { calls: 60, tolerance: 0.1 } },
    stop: { 'max-evaluations': evaluations },
    manager: { maxJobs: 3, backend: 'inline', huntFrequency: 100, seed, shareBest: true },
    dir: folder.at('run'),
    overwrite,
  });
  await manager.start();
}
