import { blame } from '../core/blame.ts';
import { CodedError } from '../core/errors.ts';
import { generators } from '../generators/registry.ts';
import { setupIn } from '../generators/setup.ts';
import { selectors } from '../selectors/registry.ts';
import type { Parameter } from '../space/parameter.ts';
import { Space } from '../space/space.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import type { ComponentUse, RunConfig } from './run-config.ts';

// Whether options go with the rest of a configuration is known to the component alone, and only once it is made with them.

/** A selector or a generator, and where its options stand. */
export interface Placed {
  readonly path: Path;
  readonly use: ComponentUse;
}

/** Makes the selector, to see whether its options go with so many optimizer types. */
export function trySelector(placed: Placed, types: number, problems: Problems): void {
  const { name, options } = placed.use;
  attempt('selector', placed, problems, () => {
    selectors.get(name).create(options as never, { types });
  });
}

/** Makes the generators, to see whether their options go with these parameters. */
export function tryGenerators(
  all: readonly Placed[],
  parameters: readonly Parameter[],
  seed: number,
  problems: Problems,
): void {
  const setup = setupIn(new Space(parameters), seed);
  for (const placed of all) {
    const { name, options } = placed.use;
    attempt('generator', placed, problems, () => {
      generators.get(name).create(options as never, setup);
    });
  }
}

/** The same for all of a configuration that a program may have changed since it was read. */
export function tryComponents(
  { optimizers: { selector, use }, generator, parameters, manager }: RunConfig,
  problems: Problems,
): void {
  trySelector({ path: ['optimizers', 'selector', selector.name], use: selector }, use.length, problems);
  const own = use.flatMap(({ name, generator: its }, i) =>
    its ? [{ path: ['optimizers', 'use', i, name, 'generator', its.name], use: its }] : [],
  );
  const all = [...own, { path: ['generator', generator.name], use: generator }];
  tryGenerators(all, parameters, manager.seed, problems);
}

/** @throws {CodedError} `component-failed` for what is no refusal of options, but a mistake in a plug-in */
function attempt(kind: string, { path, use }: Placed, problems: Problems, create: () => void): void {
  try {
    blame(kind, use.name, 'create', create);
  } catch (error) {
    if (!(error instanceof CodedError && error.code === 'usage')) throw error;
    problems.add(path, error.message);
  }
}
