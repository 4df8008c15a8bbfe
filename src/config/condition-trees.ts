import { all, any, type Condition, type ConditionTree, leaf, not } from '../conditions/condition.ts';
import type { ConditionSetup } from '../conditions/setup.ts';
import type { ConditionUse } from './run-config.ts';
import type { Component, Registry } from '../core/component.ts';
import { blame } from '../core/blame.ts';
import { drawAt } from '../core/random.ts';

/** Makes the conditions that a configuration names. `path` is where `use` stands in it, and keys their random draws. */
export function buildTree<Context, Made extends Condition<Context>>(
  use: ConditionUse,
  registry: Registry<Component<never, ConditionSetup, Made>>,
  seed: number,
  path: string,
): ConditionTree<Context> {
  const build = (child: ConditionUse, step: string): ConditionTree<Context> =>
    buildTree<Context, Made>(child, registry, seed, `${path}.${step}`);
  if ('all' in use) return all(...use.all.map((child, i) => build(child, `all[${i}]`)));
  if ('any' in use) return any(...use.any.map((child, i) => build(child, `any[${i}]`)));
  if ('not' in use) return not(build(use.not, 'not'));
  const leafPath = `${path}.${use.name}`;
  const component = registry.get(use.name);
  // The options were checked against the component's own schema when the configuration was read.
  const setup = {
    path: leafPath,
    draw: (callId: number, optimizerId: number) => drawAt(seed, leafPath, callId, optimizerId),
  };
  return leaf(blame(registry.kind, use.name, 'create', () => component.create(use.options as never, setup)));
}

/** All conditions of a tree, from left to right. */
export function leavesOf<Context>(tree: ConditionTree<Context>): readonly Condition<Context>[] {
  switch (tree.kind) {
    case 'leaf':
      return [tree.condition];
    case 'not':
      return leavesOf(tree.child);
    default:
      return tree.children.flatMap(leavesOf);
  }
}
