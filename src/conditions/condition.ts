import { blame } from '../core/blame.ts';
import { describe } from '../core/errors.ts';

/** What one condition found: its verdict, and the figures behind it as a person would write them. */
export interface Finding {
  readonly holds: boolean;
  /** `sd 0.0012 <= 0.01·spread 853`, the comparison that was made, with its values. */
  readonly detail: string;
}

/** A condition that can be asked about one moment of a run. `Context` is all that it may look at. */
export interface Condition<Context> {
  readonly name: string;
  examine(context: Context): Finding;
}

/** A tree of conditions. Branches are examined from left to right, and only as far as needed. */
export type ConditionTree<Context> =
  | { readonly kind: 'all' | 'any'; readonly children: readonly ConditionTree<Context>[] }
  | { readonly kind: 'not'; readonly child: ConditionTree<Context> }
  | { readonly kind: 'leaf'; readonly condition: Condition<Context> };

/** The verdict of a tree: its shape again, with what was found at every node that was examined. */
export type Verdict =
  | {
      readonly kind: 'all' | 'any';
      readonly holds: boolean | null;
      readonly children: readonly Verdict[];
    }
  | { readonly kind: 'not'; readonly holds: boolean | null; readonly child: Verdict }
  | {
      readonly kind: 'leaf';
      readonly name: string;
      /** `null`: not examined, since the verdict was already settled. */
      readonly holds: boolean | null;
      readonly detail: string;
    };

export function all<Context>(...children: readonly ConditionTree<Context>[]): ConditionTree<Context> {
  return { kind: 'all', children };
}

export function any<Context>(...children: readonly ConditionTree<Context>[]): ConditionTree<Context> {
  return { kind: 'any', children };
}

export function not<Context>(child: ConditionTree<Context>): ConditionTree<Context> {
  return { kind: 'not', child };
}

export function leaf<Context>(condition: Condition<Context>): ConditionTree<Context> {
  return { kind: 'leaf', condition };
}

/** Examines `tree`, lazily. */
export function examine<Context>(tree: ConditionTree<Context>, context: Context): Verdict {
  switch (tree.kind) {
    case 'leaf': {
      const { condition } = tree;
      const { holds, detail } = blame('condition', condition.name, 'examine', () =>
        checked(condition.examine(context)),
      );
      return { kind: 'leaf', name: condition.name, holds, detail };
    }
    case 'not': {
      const child = examine(tree.child, context);
      return { kind: 'not', holds: !child.holds, child };
    }
    default: {
      // `all` is settled by the first that does not hold, `any` by the first that does.
      const settledBy = tree.kind === 'any';
      let settled = false;
      const children = tree.children.map((child) => {
        if (settled) return unexamined(child);
        const verdict = examine(child, context);
        settled = verdict.holds === settledBy;
        return verdict;
      });
      return { kind: tree.kind, holds: settled ? settledBy : !settledBy, children };
    }
  }
}

/** A condition may come with a plug-in, and answer anything. */
function checked(finding: Finding | undefined): Finding {
  if (typeof finding?.holds === 'boolean') return finding;
  throw new TypeError(`it answered ${describe(finding)}, expected { holds: true or false, detail }`);
}

function unexamined<Context>(tree: ConditionTree<Context>): Verdict {
  switch (tree.kind) {
    case 'leaf':
      return { kind: 'leaf', name: tree.condition.name, holds: null, detail: '' };
    case 'not':
      return { kind: 'not', holds: null, child: unexamined(tree.child) };
    default:
      return { kind: tree.kind, holds: null, children: tree.children.map((child) => unexamined(child)) };
  }
}

/**
 * A verdict as one line:
 * `any(all(evaluations-unmoving(sd 0.0012 <= 0.01·spread 853) true, value-annealing(u 0.93 > survival 0.31) true) true, best-unmoving(not examined)) true`.
 */
export function explain(verdict: Verdict): string {
  const outcome = verdict.holds === null ? '' : ` ${verdict.holds}`;
  switch (verdict.kind) {
    case 'leaf':
      return verdict.holds === null
        ? `${verdict.name}(not examined)`
        : `${verdict.name}(${verdict.detail})${outcome}`;
    case 'not':
      return `not(${explain(verdict.child)})${outcome}`;
    default:
      return `${verdict.kind}(${verdict.children.map(explain).join(', ')})${outcome}`;
  }
}
