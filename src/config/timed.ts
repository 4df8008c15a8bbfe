import { blame } from '../core/blame.ts';
import { checkers } from '../checkers/registry.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import type { ConditionUse, ManagerSettings } from './run-config.ts';

/** Settings that end something when it has taken too long. */
const TIMEOUTS = ['timeoutSeconds', 'forceTerminationsAfterSeconds'] as const;

/** In a reproducible run nothing may depend on the time things take, unless its user says that it may. */
export function refuseTimed(stop: ConditionUse, manager: Partial<ManagerSettings>, problems: Problems): void {
  if (manager.reproducible !== true || manager.allowTimed === true) return;
  const because =
    'depends on the time things take, and manager.reproducible is true; leave it out, or set manager.allowTimed: true';
  for (const { path, name } of timedIn(stop, ['stop'])) problems.add(path, `${name} ${because}`);
  for (const key of TIMEOUTS) if (manager[key] !== undefined) problems.add(['manager', key], `it ${because}`);
}

function timedIn(use: ConditionUse, path: Path): readonly { readonly path: Path; readonly name: string }[] {
  if ('all' in use) return use.all.flatMap((child, i) => timedIn(child, [...path, 'all', i]));
  if ('any' in use) return use.any.flatMap((child, i) => timedIn(child, [...path, 'any', i]));
  if ('not' in use) return timedIn(use.not, [...path, 'not']);
  // Made without a run: whether it is timed does not depend on that.
  const { timed = false } = blame(checkers.kind, use.name, 'create', () =>
    checkers.get(use.name).create(use.options as never, { path: use.name, draw: () => 0 }),
  );
  return timed ? [{ path: [...path, use.name], name: use.name }] : [];
}
