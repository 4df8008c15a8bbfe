import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import stringWidth from 'string-width';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { query } from '../../support/database.ts';
import { Folder } from '../../support/folder.ts';
import { hasTmux, PROMPT, Terminal } from '../../support/tmux.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

/** A run that goes on until there is a file `end`, with an optimizer that is killed early. */
function configure(backend = 'threads', more = ''): void {
  folder.write(
    'task.mjs',
    `import { existsSync } from 'node:fs';
    const end = new URL('end', import.meta.url);
    export default async (x) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      ${more}
      return existsSync(end) ? -1 : x[0] ** 2 + x[1] ** 2 + 1;
    };`,
  );
  folder.write(
    'c.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
optimizers: [random, random]
hunters: { min-evaluations: 40 }
stop: { any: [{ max-evaluations: 1000000 }, { target-value: { target: -1, tolerance: 0.1 } }] }
manager: { maxJobs: 3, seed: 1, backend: ${backend}, huntFrequency: 50, endTimeoutSeconds: 60 }
`,
  );
}

const COMMAND = '$GLOMPO run c.yaml --dir run; echo "exit code $?"';
const end = (): void => {
  writeFileSync(folder.at('end'), '');
};

/** Lines of a picture, of which there is to be one. */
const count = (screen: string, line: RegExp): number =>
  screen.split('\n').filter((one) => line.test(one)).length;
const isPicture = (screen: string): boolean =>
  count(screen, /^best \S+ {2}at call/) === 1 &&
  count(screen, /^ *id +type/) === 1 &&
  count(screen, /^slots \d\/3/) === 1 &&
  count(screen, /^[ *] *\d+ {2}random/) >= 2 &&
  count(screen, /^ *[\d,]+: optimizer \d+ killed by \d+:/) >= 1;

/**
 * Gives a terminal another size, and waits until it was drawn on since. What stands there may look right before the program has heard of it:
 * tmux lets a quarter of a second pass before it says so, and the first picture after that may have been on its way already.
 */
async function resized(
  terminal: Terminal,
  columns: number,
  rows: number,
  holds: (screen: string) => boolean,
  what: string,
): Promise<string> {
  await terminal.resize(columns, rows);
  await sleep(300);
  let screen = await terminal.screen();
  for (let drawn = 0; drawn < 2; drawn++) {
    const before = screen;
    screen = await terminal.until((text) => text !== before && holds(text), what);
  }
  return screen;
}

/** Whatever was there: the shell works, and so does what it writes. */
async function expectUsable(terminal: Terminal): Promise<void> {
  expect(await terminal.state()).toEqual({ cursor: '1', wrap: '1', alternate: '0' });
  await terminal.type('clear; printf "%0300d|"; echo; echo all $((6 * 7)) good');
  const screen = await terminal.until((text) => /^all 42 good$/m.test(text), 'the shell answers');
  expect(screen.replaceAll('\n', '')).toContain(`${'0'.repeat(300)}|`);
}

function managerPid(): number {
  const [row] = query<{ value: string }>(folder.at('run'), "SELECT value FROM run WHERE key = 'managerPid'");
  return Number(row!.value);
}

async function state(): Promise<Record<string, unknown>> {
  return JSON.parse((await runCli(['status', 'run', '--json'], folder.path)).stdout) as Record<
    string,
    unknown
  >;
}

describe.skipIf(!hasTmux)('a run on a terminal', () => {
  it.each([40, 80, 200])(
    'is one picture at %i columns and at any other size that the terminal takes, and stays when it ends',
    async (columns) => {
      configure();
      await using terminal = await Terminal.open(folder.path, columns, 30);
      await terminal.type(`echo what was before; ${COMMAND}`);
      await terminal.until(isPicture, 'there is a picture');
      for (const [width, height] of [
        [columns - 15, 30],
        [columns, 24],
        [20, 40],
        [230, 35],
        [columns, 30],
      ] as const) {
        const screen = await resized(
          terminal,
          width,
          height,
          (text) =>
            width < 30 ? count(text, /^best /) === 1 && count(text, /^ *id +/) === 1 : isPicture(text),
          `there is one picture at ${width} columns`,
        );
        for (const line of screen.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }
      await resized(
        terminal,
        columns,
        12,
        (text) => text.startsWith('best ') && count(text, /^ *id +/) === 1,
        'the picture fits a low terminal',
      );
      await resized(terminal, columns, 40, isPicture, 'there is one picture');
      end();
      const last = await terminal.prompt();
      expect(last).toMatch(/^Best value -1 at$/m);
      expect(last).toMatch(/^exit code 0$/m);
      // The last picture stands above the result.
      expect(last.indexOf('best -1')).toBeLessThan(last.indexOf('Best value -1'));
      expect(await terminal.screen('-S', '-')).toContain('what was before');
      await expectUsable(terminal);
    },
  );

  it.each([1, 2])('leaves a terminal that works after Ctrl-C, pressed %i times', async (times) => {
    configure('threads', times === 2 ? 'if (Math.random() < 0.02) await new Promise(() => {});' : '');
    await using terminal = await Terminal.open(folder.path, 100, 60);
    await terminal.type(COMMAND);
    await terminal.until(
      (screen) => count(screen, /^best /) === 1 && count(screen, /^slots/) === 1,
      'it runs',
    );
    await terminal.press('C-c');
    if (times === 2) {
      await terminal.until((screen) => screen.includes('SIGINT: ending the run'), 'the first one is heard');
      await terminal.press('C-c');
    }
    const last = await terminal.prompt();
    expect(last).toMatch(/^SIGINT: ending the run; what runs may finish\. Once more to end it at once\.$/m);
    expect(last).toMatch(/^exit code 130$/m);
    expect(count(last, /^best /), last).toBe(1);
    await expectUsable(terminal);
    expect(await state()).toMatchObject({ state: 'finished' });
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGKILL', 137],
  ] as const)('leaves a terminal that works after %s', async (signal, code) => {
    configure();
    await using terminal = await Terminal.open(folder.path, 100, 30);
    await terminal.type(COMMAND);
    await terminal.until(isPicture, 'there is a picture');
    process.kill(managerPid(), signal);
    const last = await terminal.prompt();
    expect(last).toContain(`exit code ${code}\n${PROMPT}`);
    await expectUsable(terminal);
  });

  it('draws anew after Ctrl-Z and fg, and nothing while it is in the background', async () => {
    configure();
    await using terminal = await Terminal.open(folder.path, 100, 40);
    await terminal.type('set -m; $GLOMPO run c.yaml --dir run');
    await terminal.until(isPicture, 'there is a picture');
    await terminal.press('C-z');
    await terminal.prompt();
    await terminal.type('clear; bg');
    await terminal.prompt();
    const calls = (): number =>
      query<{ n: number }>(folder.at('run'), 'SELECT max(call_id) AS n FROM evaluations')[0]!.n;
    const before = calls();
    const quiet = await terminal.until(() => calls() > before + 200, 'it goes on in the background');
    expect(quiet).not.toMatch(/^best /m);
    await terminal.type('clear; fg');
    await terminal.until(isPicture, 'there is a picture');
    end();
    expect(await terminal.prompt()).toMatch(/^Best value -1 at$/m);
    await expectUsable(terminal);
  });

  it('goes to its end when the terminal is closed', async () => {
    configure();
    await using terminal = await Terminal.open(folder.path, 100, 30);
    await terminal.type(COMMAND);
    await terminal.until(isPicture, 'there is a picture');
    await terminal.close();
    await expect.poll(state, { timeout: 45_000, interval: 200 }).toMatchObject({
      state: 'finished',
      stopReason: 'interrupted by SIGHUP',
    });
  });

  it.each(['uncaught', 'unhandled'])(
    'says what to do next as the last thing when it crashes: %s',
    async (kind) => {
      const crash =
        kind === 'uncaught'
          ? "setTimeout(() => { throw new Error('on purpose'); })"
          : "void Promise.reject(new Error('on purpose'))";
      configure(
        'inline',
        `if (globalThis.calls = (globalThis.calls ?? 0) + 1, globalThis.calls === 400) ${crash};`,
      );
      await using terminal = await Terminal.open(folder.path, 200, 40);
      await terminal.type(COMMAND);
      const last = await terminal.prompt();
      const lines = last.split('\n');
      expect(lines.slice(-4)).toEqual([
        'The run failed: on purpose',
        `What was evaluated is in ${folder.at('run')}; to go on: glompo resume ${folder.at('run')}`,
        'exit code 1',
        PROMPT,
      ]);
      expect(count(last, /^best /)).toBe(1);
      await expectUsable(terminal);
    },
  );

  it('is plain lines on a terminal that cannot be drawn on', async () => {
    configure();
    await using terminal = await Terminal.open(folder.path, 100, 30, { TERM: 'dumb' });
    await terminal.type(COMMAND);
    await terminal.until(
      (screen) => count(screen, /evaluations {2}best .* slots 3\/3/) >= 1,
      'there is a line',
    );
    end();
    expect(await terminal.prompt()).not.toMatch(/^ *id +type/m);
  });

  it('has neither colours nor other characters than the terminal shows', async () => {
    configure();
    await using terminal = await Terminal.open(folder.path, 100, 30, { NO_COLOR: '1', LC_ALL: 'C' });
    await terminal.type(COMMAND);
    await terminal.until((screen) => count(screen, /^ *id +type/) === 1, 'there is a table');
    // With the escapes that make it look as it does.
    expect(await terminal.screen('-e')).toMatch(/^[\n -~]*$/);
    end();
    await terminal.prompt();
  });
});
