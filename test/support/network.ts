import { execaSync } from 'execa';
import { execa } from 'execa';
import { bin } from './cli.ts';
import { has } from './cluster.ts';

/** Whether machines can be made of this one: it takes root. */
export const hasNetworks: boolean = process.getuid?.() === 0 && has('ip', 'netns');

/** Two machines, as far as the network knows, with a cable between them: `a` is 10.77.0.1, `b` 10.77.0.2. */
export class TwoMachines implements Disposable {
  readonly #name = `glompo-${process.pid}`;
  readonly address = '10.77.0.1';

  constructor() {
    const [a, b] = [this.#ns('a'), this.#ns('b')];
    for (const args of [
      ['netns', 'add', a],
      ['netns', 'add', b],
      ['-n', a, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', b],
      ['-n', a, 'addr', 'add', '10.77.0.1/24', 'dev', 'cable'],
      ['-n', b, 'addr', 'add', '10.77.0.2/24', 'dev', 'cable'],
      ...[a, b].flatMap((ns) => ['lo', 'cable'].map((device) => ['-n', ns, 'link', 'set', device, 'up'])),
    ])
      execaSync('ip', args);
  }

  /** Cuts the cable, or mends it. */
  set isCut(isCut: boolean) {
    execaSync('ip', ['-n', this.#ns('b'), 'link', 'set', 'cable', isCut ? 'down' : 'up']);
  }

  // oxlint-disable-next-line typescript/explicit-function-return-type -- execa's own type says most
  start(machine: 'a' | 'b', program: string, args: readonly string[], cwd: string) {
    return execa('ip', ['netns', 'exec', this.#ns(machine), program, ...args], {
      cwd,
      reject: false,
      stdin: 'ignore',
    });
  }

  /** Starts the command on one of them; `ip` becomes it, so signals reach it. */
  // oxlint-disable-next-line typescript/explicit-function-return-type -- execa's own type says most
  glompo(machine: 'a' | 'b', args: readonly string[], cwd: string) {
    return this.start(machine, process.execPath, [bin, ...args], cwd);
  }

  #ns(machine: 'a' | 'b'): string {
    return `${this.#name}-${machine}`;
  }

  [Symbol.dispose](): void {
    for (const machine of ['a', 'b'] as const) execaSync('ip', ['netns', 'del', this.#ns(machine)]);
  }
}
