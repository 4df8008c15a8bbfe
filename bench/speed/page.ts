import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import type { Bench, Benchmark, Cell, Table } from '../harness/benchmark.ts';
import { bin } from '../harness/built.ts';
import { measured } from '../harness/measure.ts';

export const page: Benchmark = {
  name: 'page',
  title: 'The page of a run',
  about: `
How soon the page of a finished run of 1,000,000 evaluations shows something, and all of it, in headless Chromium, from the moment that its address is opened; the server has read
nothing of the log then. How long the page's own thread is busy when it draws all of it anew, and what server and page take of memory. Goal: the first picture in under 2 s.`,
  run: async (bench) => [await opened(bench)],
};

/** Optimizers that take each other's place, and all of them at once. */
const RUNS: Readonly<
  Record<string, { readonly slots: number; readonly use: string; readonly hunters: string }>
> = {
  'one after the other': {
    slots: 8,
    use: '[{ cma-es: { populationSize: 32 } }]',
    hunters: '{ evaluations-unmoving: { calls: 600, tolerance: 0.03 } }',
  },
  'at once': { slots: 200, use: '[random]', hunters: 'none' },
};

async function opened({ folder, isQuick, say }: Bench): Promise<Table> {
  const executablePath = findChromium();
  const columns: Table['columns'] = [
    { name: 'optimizers' },
    { name: 'how many' },
    { name: 'first picture', unit: 'ms', better: 'lower' },
    { name: 'all of it', unit: 'ms', better: 'lower' },
    { name: 'redrawn', unit: 'ms', better: 'lower' },
    { name: 'first frame', unit: 'kB', better: 'lower' },
    { name: 'server', unit: 'MB', better: 'lower' },
    { name: 'page, heap', unit: 'MB', better: 'lower' },
  ];
  const title = 'Opening the page of 1,000,000 evaluations';
  if (executablePath === undefined)
    return { title, columns, rows: [], notes: ['There is no Chromium here: `apt install chromium`.'] };
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const rows: Cell[][] = [];
  try {
    for (const name of Object.keys(RUNS)) {
      const dir = path.join(folder, name.replaceAll(' ', '-'));
      const started = makeRun(dir, name, isQuick ? 100_000 : 1_000_000);
      say(`${name}: ${started} optimizers`);
      const samples: Opened[] = [];
      for (let round = 0; round < (isQuick ? 2 : 7); round++) samples.push(await open(browser, dir));
      const column = (key: keyof Opened): Cell => measured(samples.map((sample) => sample[key]));
      rows.push([
        name,
        started,
        column('first'),
        column('all'),
        column('redraw'),
        column('frameKilobytes'),
        column('serverMegabytes'),
        column('pageMegabytes'),
      ]);
    }
  } finally {
    await browser.close();
  }
  return {
    title,
    columns,
    rows,
    notes: [
      '"first picture": until the axes and what is known by then are drawn; the page is cold, the file of the log is not.',
    ],
  };
}

function makeRun(dir: string, name: string, evaluations: number): number {
  const { slots, use, hunters } = RUNS[name]!;
  const config = `${dir}.yaml`;
  writeFileSync(
    config,
    `task: { benchmark: rastrigin, dimension: 20 }
optimizers: ${use}
hunters: ${hunters}
stop: { max-evaluations: ${evaluations} }
manager: { maxJobs: ${slots}, backend: ${slots > 8 ? 'inline' : 'threads'}, huntFrequency: 1000, seed: 1 }
`,
  );
  const output = execFileSync(process.execPath, [bin, 'run', config, '--dir', dir, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (JSON.parse(output) as { optimizers: { started: number } }).optimizers.started;
}

interface Opened {
  readonly first: number;
  readonly all: number;
  readonly redraw: number;
  readonly frameKilobytes: number;
  readonly serverMegabytes: number;
  readonly pageMegabytes: number;
}

async function open(browser: Browser, dir: string): Promise<Opened> {
  const server = spawn(process.execPath, [bin, 'dashboard', dir, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(String(line)) as { url: string };
    const tab = await context.newPage();
    const began = performance.now();
    await tab.goto(url, { waitUntil: 'commit' });
    await tab.waitForSelector('.chart canvas');
    // Drawn, not only there.
    await tab.evaluate(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
    const first = performance.now() - began;
    await tab.locator('.notice progress').waitFor({ state: 'detached' });
    await tab.evaluate(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
    const all = performance.now() - began;
    const redraw = await tab.evaluate<number>(`(async () => {
      const best = [...document.querySelectorAll('input[type=checkbox]')][1];
      const times = [];
      for (let i = 0; i < 9; i++) {
        const began = performance.now();
        best.click();
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
        times.push(performance.now() - began);
      }
      return times.sort((a, b) => a - b)[4];
    })()`);
    const frameKilobytes = await tab.evaluate<number>(`(async () => {
      const source = new EventSource('api/stream');
      const data = await new Promise((resolve) => source.addEventListener('frame', (event) => resolve(event.data), { once: true }));
      source.close();
      return data.length / 1024;
    })()`);
    const session = await context.newCDPSession(tab);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return {
      first,
      all,
      redraw,
      frameKilobytes,
      serverMegabytes: residentOf(server),
      pageMegabytes: usedSize / 2 ** 20,
    };
  } finally {
    await context.close();
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  }
}

function residentOf({ pid }: ChildProcess): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

function findChromium(): string | undefined {
  try {
    return execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
