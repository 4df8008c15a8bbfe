/**
 * A plug-in: a hunter that looks ahead. It names an optimizer that, at the pace of its latest evaluations, would need too many more to
 * reach the best value of the run. See own-hunter.ts for how it is used.
 */
import { type HunterComponent, options, type Plugin } from 'glompo/plugin';

interface OutOfReachOptions {
  readonly patience: number;
  readonly calls: number;
}

const outOfReach: HunterComponent<OutOfReachOptions> = {
  // What is written in a configuration, and what `glompo list` says of it.
  name: 'out-of-reach',
  summary: 'at its pace, it would need too many more evaluations to reach the best value of the run',

  // What may be written under the name; `create` is given it checked, with defaults. `patience` is the only one that is required, so that
  // `out-of-reach: 5000` will do.
  options: options(
    {
      patience: { description: 'how many more evaluations are not too many', type: 'integer', minimum: 1 },
      calls: {
        description: 'over how many evaluations the pace is measured',
        type: 'integer',
        minimum: 1,
        default: 500,
      },
    },
    ['patience'],
  ),

  create: ({ patience, calls }) => ({
    name: 'out-of-reach',
    // How far it looks back: no more is kept for it.
    window: calls,

    // Asked at every hunt about each optimizer at work, the victim, beside the holder of the best value. The answer must follow
    // from what it is given alone, and any chance from `setup.draw`, the second argument of `create`.
    examine({ victim, holder }) {
      const before = victim.bestAgo(calls);
      if (Number.isNaN(before))
        return { holds: false, detail: `${victim.evaluations} evaluations, needs more than ${calls}` };
      const gap = victim.best - holder.best;
      const pace = (before - victim.best) / calls;
      // No pace at all gives Infinity; the holder itself has no gap, which gives 0 or NaN.
      const needed = gap / pace;
      const holds = needed > patience;
      // The figures behind the answer, for the log.
      return { holds, detail: `needs ${Math.round(needed)} more, ${holds ? '>' : 'not >'} ${patience}` };
    },
  }),
};

// Other kinds are checkers, selectors, generators and optimizers; a plug-in may bring several of each.
export default { hunters: [outOfReach] } satisfies Plugin;
