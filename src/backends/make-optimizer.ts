import { blame } from '../core/blame.ts';
import { Registry } from '../core/component.ts';
import { CodedError } from '../core/errors.ts';
import { loadPlugin } from '../core/plugins.ts';
import { RandomStream } from '../core/random.ts';
import type { Optimizer, OptimizerComponent } from '../optimizers/contract.ts';
import { loadOptimizer } from '../optimizers/loaders.ts';
import { Space } from '../space/space.ts';
import { ToldValues } from './failure-policy.ts';
import { type HostAssignment, PROTOCOL_VERSION } from './protocol.ts';
import { rebuild, type Rebuilt } from './rebuild.ts';

/** An optimizer where an assignment says that it is. */
export interface MadeOptimizer extends Rebuilt {
  readonly space: Space;
  readonly told: ToldValues;
  readonly optimizer: Optimizer;
  /** Of the algorithm. */
  readonly version: number;
}

/**
 * Makes the optimizer of an assignment, and brings it to where it was if it has a past.
 *
 * @param protocol what the manager speaks
 * @throws {CodedError} `protocol-mismatch`, `component-failed`, `plugin-invalid`; and what `rebuild` throws
 */
export async function makeOptimizer(protocol: number, assignment: HostAssignment): Promise<MadeOptimizer> {
  if (protocol !== PROTOCOL_VERSION)
    throw new CodedError(
      'protocol-mismatch',
      `the manager speaks protocol ${protocol}, this host ${PROTOCOL_VERSION}: both must come from the same version of glompo`,
    );
  const { optimizerId, seed, parameters, constraints, plugins, past } = assignment;
  const space = new Space(parameters, constraints);
  const told = new ToldValues(assignment.onFailure, space, assignment.task.residuals);
  const brought = new Registry<OptimizerComponent>('optimizer', []);
  for (const plugin of plugins) await loadPlugin(plugin, { optimizers: brought });
  const { type, options } = assignment.optimizer;
  const context = {
    dimension: space.dimension,
    start: assignment.start,
    random: RandomStream.at(seed, 'optimizer', optimizerId),
    steps: space.steps,
  };
  // Options were checked against the component's schema when the configuration was read.
  const component = (await loadOptimizer(type)) ?? brought.get(type);
  const optimizer = blame('optimizer', type, 'create', () => component.create(options as never, context));
  told.listener = optimizer;
  const version = versionOf(optimizer);
  const rebuilt = past
    ? rebuild(optimizer, past, space, told)
    : { open: [], untold: [], lastInjected: 0, streak: [] };
  return { space, told, optimizer, version, ...rebuilt };
}

/** 0 for an optimizer of a plug-in that has none. */
function versionOf(optimizer: Optimizer): number {
  try {
    return optimizer.snapshot().version;
  } catch {
    return 0;
  }
}
