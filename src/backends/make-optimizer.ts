import { blame } from '../core/blame.ts';
import { Registry } from '../core/component.ts';
import { CodedError } from '../core/errors.ts';
import { loadPlugin } from '../core/plugins.ts';
import { RandomStream } from '../core/random.ts';
import type { Optimizer, OptimizerComponent } from '../optimizers/contract.ts';
import { loadOptimizer } from '../optimizers/loaders.ts';
import { Space } from '../space/space.ts';
import { ToldValues } from './failure-policy.ts';
import type { HostWorld } from './host-world.ts';
import type { PointSource } from './point-source.ts';
import { type HostAssignment, PROTOCOL_VERSION } from './protocol.ts';
import { rebuild, type Rebuilt } from './rebuild.ts';

/** An optimizer where an assignment says that it is. */
export interface MadeOptimizer extends Rebuilt {
  readonly space: Space;
  readonly told: ToldValues;
  readonly source: PointSource;
  /** Of the algorithm. */
  readonly version: number;
}

/**
 * Makes the optimizer of an assignment, and brings it to where it was if it has a past.
 *
 * @param protocol what the manager speaks
 * @param onSource called as soon as there is something that may have to be ended
 * @throws {CodedError} `protocol-mismatch`, `component-failed`, `plugin-invalid`, `program-failed`; and what `rebuild` throws
 */
export async function makeOptimizer(
  protocol: number,
  assignment: HostAssignment,
  world: HostWorld,
  onSource: (source: PointSource) => void,
): Promise<MadeOptimizer> {
  if (protocol !== PROTOCOL_VERSION)
    throw new CodedError(
      'protocol-mismatch',
      `the manager speaks protocol ${protocol}, this host ${PROTOCOL_VERSION}: both must come from the same version of glompo`,
    );
  const { parameters, constraints, past } = assignment;
  const space = new Space(parameters, constraints);
  const told = new ToldValues(assignment.onFailure, space, assignment.task.residuals);
  const source = await sourceOf(assignment, space, world);
  onSource(source);
  const rebuilt = past ? await rebuild(source, past, space, told) : await begin(source, told);
  return { space, told, source, version: source.elsewhere?.version ?? versionOf(source), ...rebuilt };
}

async function sourceOf(assignment: HostAssignment, space: Space, world: HostWorld): Promise<PointSource> {
  const { optimizerId, seed, plugins, start } = assignment;
  const { type, options } = assignment.optimizer;
  const brought = new Registry<OptimizerComponent>('optimizer', []);
  for (const plugin of plugins) await loadPlugin(plugin, { optimizers: brought });
  const context = {
    dimension: space.dimension,
    start,
    random: RandomStream.at(seed, 'optimizer', optimizerId),
    steps: space.steps,
  };
  // Options were checked against the component's schema when the configuration was read.
  const component = (await loadOptimizer(type)) ?? (brought.has(type) ? brought.get(type) : undefined);
  if (component) return blame('optimizer', type, 'create', () => component.create(options as never, context));
  const { outsideSource } = await import('./outside/source.ts');
  return outsideSource(assignment, context, world);
}

async function begin(source: PointSource, told: ToldValues): Promise<Rebuilt> {
  await source.elsewhere?.open();
  told.listener = source;
  return { open: [], untold: [], lastInjected: 0, streak: [] };
}

/** 0 for an optimizer of a plug-in that has none. */
function versionOf(optimizer: Optimizer): number {
  try {
    return optimizer.snapshot().version;
  } catch {
    return 0;
  }
}
