import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { bin } from './cli.ts';

export const hasTmux: boolean = spawnSync('tmux', ['-V']).status === 0;

/** What the shell says when it waits. */
export const PROMPT = 'READY>';
const PATIENCE_MS = 45_000;

/** A terminal of a test's own with a shell in it, in a tmux that nobody else uses. */
export class Terminal implements AsyncDisposable {
  readonly #socket: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    // The path of a socket has to be short.
    this.#socket = path.join(folder, 'tmux');
    this.#env = { ...env, PS1: `${PROMPT} `, GLOMPO: `${process.execPath} ${bin}` };
  }

  /** @param env more variables of the shell; '' for those that it is not to have */
  static async open(
    folder: string,
    columns: number,
    rows: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Terminal> {
    const terminal = new Terminal(folder, { LC_ALL: 'C.UTF-8', NO_COLOR: '', FORCE_COLOR: '', ...env });
    const set = Object.entries(terminal.#env).map(([name, value]) =>
      value === '' ? `-u${name}` : `${name}=${value}`,
    );
    const sorted = set.toSorted((a, b) => Number(b.startsWith('-u')) - Number(a.startsWith('-u')));
    const shell = ['env', ...sorted, 'bash', '--norc', '--noprofile'];
    const size = ['-x', String(columns), '-y', String(rows)];
    await terminal.#tmux('new-session', '-d', ...size, '-c', folder, ...shell);
    await terminal.until((screen) => screen.includes(PROMPT), 'the shell is there');
    return terminal;
  }

  /** Types a line. */
  async type(line: string): Promise<void> {
    await this.#tmux('send-keys', '-l', line);
    await this.press('Enter');
  }

  /** @param key as tmux calls it: `Enter`, `C-c` */
  async press(key: string): Promise<void> {
    await this.#tmux('send-keys', key);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** What can be seen, blanks at the ends of lines left out. */
  async screen(...options: readonly string[]): Promise<string> {
    return (await this.#tmux('capture-pane', '-p', ...options)).trimEnd();
  }

  /** Waits until what can be seen is so. @returns it */
  async until(holds: (screen: string) => boolean, what: string): Promise<string> {
    let screen = '';
    for (const begun = performance.now(); performance.now() - begun < PATIENCE_MS; await sleep(50)) {
      screen = await this.screen();
      if (holds(screen)) return screen;
    }
    throw new Error(`never came to hold: ${what}; the screen is\n${screen}`);
  }

  /** Waits for the shell. @returns what can be seen then */
  async prompt(): Promise<string> {
    return this.until((screen) => screen.endsWith(PROMPT), 'the prompt is there');
  }

  /** In what state it is. */
  async state(): Promise<{ readonly cursor: string; readonly wrap: string; readonly alternate: string }> {
    const format = '#{cursor_flag} #{wrap_flag} #{alternate_on}';
    const [cursor = '', wrap = '', alternate = ''] = (await this.#tmux('display-message', '-p', format))
      .trim()
      .split(' ');
    return { cursor, wrap, alternate };
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { stdout } = await execa('tmux', ['-u', '-S', this.#socket, '-f', '/dev/null', ...args], {
      env: { LC_ALL: 'C.UTF-8', TMUX: '' },
      stripFinalNewline: false,
    });
    return stdout;
  }

  /** Takes the terminal away from under what runs in it. */
  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
