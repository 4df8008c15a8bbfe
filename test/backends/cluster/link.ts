import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

function ip(...args: readonly string[]): boolean {
  return spawnSync('ip', args, { stdio: 'ignore' }).status === 0;
}

/** Another machine as far as the network goes, and a cable to it that can be cut. */
export class Link implements Disposable {
  readonly #id = randomInt(36 ** 5).toString(36);
  readonly #net = `10.${randomInt(100, 250)}.${randomInt(250)}`;
  readonly #cable = `glompo-${this.#id}`;
  /** Name of the network namespace. */
  readonly namespace: string = `glompo-${this.#id}`;
  /** This machine's address, for the other one. */
  readonly here: string = `${this.#net}.1`;
  readonly there: string = `${this.#net}.2`;

  /** @returns undefined where that is not allowed */
  static make(): Link | undefined {
    const link = new Link();
    const { namespace, here, there } = link;
    const cable = link.#cable;
    const isMade =
      ip('netns', 'add', namespace) &&
      ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'cable', 'netns', namespace) &&
      ip('address', 'add', `${here}/24`, 'dev', cable) &&
      ip('link', 'set', cable, 'up') &&
      ip('-n', namespace, 'address', 'add', `${there}/24`, 'dev', 'cable') &&
      ip('-n', namespace, 'link', 'set', 'cable', 'up') &&
      ip('-n', namespace, 'link', 'set', 'lo', 'up');
    if (isMade) return link;
    link[Symbol.dispose]();
    return undefined;
  }

  cut(): void {
    ip('link', 'set', this.#cable, 'down');
  }

  mend(): void {
    ip('link', 'set', this.#cable, 'up');
  }

  [Symbol.dispose](): void {
    // Its end of the cable goes with it, and so does the other one.
    ip('netns', 'delete', this.namespace);
  }
}

export const canLink: boolean = ((): boolean => {
  using link = Link.make();
  return link !== undefined;
})();
if (!canLink) console.warn('no network namespaces here (they need root): a cut cable is not tried');
