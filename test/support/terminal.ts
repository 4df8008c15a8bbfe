import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether there is what makes a terminal; where there is not, tests of what people see are left out. */
export const hasTerminal: boolean = spawnSync('tmux', ['-V']).status === 0;

let count = 0;

/** A program in a real terminal of its own, 120 columns wide, by tmux. */
export class Terminal implements Disposable {
  readonly #server: string = `glompo-${process.pid}-${++count}`;

  /** @param command for the shell; when it has ended, its exit code is on the screen: `[exit 0]` */
  constructor(command: string, cwd: string) {
    // A shell without anybody's settings, which stays there so that the last screen can be read.
    const script = `cd '${cwd}'; ${command}; echo "[exit $?]"; sleep 600`;
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', '120', '-y', '40', 'sh', '-c', script);
  }

  /** @param keys as tmux names them: `Enter`, `Down`, `C-c` */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** Types a text, and presses keys. */
  type(text: string, ...keys: readonly string[]): void {
    this.#tmux('send-keys', '-l', '--', text);
    this.press(...keys);
  }

  /** Waits for a text, types, and presses Enter. */
  async answer(question: RegExp | string, text: string): Promise<void> {
    await this.until(question);
    if (text === '') this.press('Enter');
    else this.type(text, 'Enter');
  }

  screen(): string {
    return this.#tmux('capture-pane', '-p', '-J');
  }

  /** @returns the screen on which it is */
  async until(sought: RegExp | string, seconds = 25): Promise<string> {
    for (let tries = 0; tries < seconds * 20; tries++) {
      const screen = this.screen();
      if (typeof sought === 'string' ? screen.includes(sought) : sought.test(screen)) return screen;
      await sleep(50);
    }
    throw new Error(`never came: ${String(sought)}; there is\n${this.screen()}`);
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#server, ...args], { encoding: 'utf8' });
  }

  [Symbol.dispose](): void {
    spawnSync('tmux', ['-L', this.#server, 'kill-server']);
  }
}
