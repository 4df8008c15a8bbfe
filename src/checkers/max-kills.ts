import { options } from '../core/options.ts';
import type { Checker, CheckerComponent } from './contract.ts';

/** Written as `max-kills: 20`. */
export interface MaxKillsOptions {
  readonly kills: number;
}

/** So many optimizers were killed by hunts. One hunt may kill several, so there may be more. */
export const maxKills: CheckerComponent<MaxKillsOptions> = {
  name: 'max-kills',
  summary: 'so many optimizers were killed by hunts',
  options: options({ kills: { description: 'optimizers killed by hunts', type: 'integer', minimum: 1 } }, [
    'kills',
  ]),
  create({ kills }): Checker {
    return {
      name: maxKills.name,
      examine({ optimizers: { killed } }) {
        const holds = killed >= kills;
        return { holds, detail: `${killed} killed ${holds ? '>=' : '<'} ${kills}` };
      },
    };
  },
};
