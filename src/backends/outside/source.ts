import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../core/json.ts';
import { PYTHON_ROOT } from '../../core/places.ts';
import type { OptimizerContext } from '../../optimizers/contract.ts';
import type { Launch, OutsideOptimizer, OutsideOptions } from '../../optimizers/outside/contract.ts';
import { outsideOptimizers } from '../../optimizers/outside/registry.ts';
import { Custody } from '../../processes/custody.ts';
import { environmentOf } from '../../tasks/environment.ts';
import type { HostWorld } from '../host-world.ts';
import type { HostAssignment } from '../protocol.ts';
import type { LinkCommand } from './program-link.ts';
import { type ProgramSetup, ProgramSource } from './program-source.ts';

/**
 * Linear algebra with several threads rounds by their number, and each optimizer has a slot, not a machine; the order of a set of texts
 * is drawn anew by each Python.
 */
const PYTHON_ENVIRONMENT: Readonly<Record<string, string>> = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  PYTHONHASHSEED: '0',
};

/** What is known of an optimizer in a process of its own before it is started. */
export interface OutsideUse {
  readonly type: string;
  /** They were checked against the component's schema when the configuration was read. */
  readonly options: JsonObject;
}

/**
 * What starts it, and what it is told then.
 *
 * @throws {CodedError} `component-unknown`
 */
export function launchOf({ type, options }: OutsideUse): Pick<
  ProgramSetup,
  'type' | 'command' | 'patienceSeconds'
> & {
  readonly options: JsonObject;
} {
  const component: OutsideOptimizer = outsideOptimizers.get(type);
  const { patienceSeconds } = options as unknown as OutsideOptions;
  return {
    type,
    command: commandOf(component.launch(options as never)),
    options: component.told(options as never),
    patienceSeconds,
  };
}

/** An optimizer in a process of its own, which is not started yet. */
export function outsideSource(
  { optimizerId, optimizer, custody, pace }: HostAssignment,
  { dimension, start, random, steps }: OptimizerContext,
  { clock, print }: HostWorld,
): ProgramSource {
  const { options, ...launch } = launchOf(optimizer);
  return new ProgramSource({
    ...launch,
    custody: custody && Custody.fromTicket(custody),
    start: {
      optimizer: optimizerId,
      dimension,
      start: [...start],
      seed: random.word(),
      workers: optimizer.workers,
      steps,
      reproducible: pace === 'rounds',
      options,
    },
    clock,
    print: (stream, chunk) => {
      print?.(optimizerId, stream, chunk);
    },
  });
}

function commandOf(launch: Launch): LinkCommand {
  const inherited = environmentOf(undefined, process.env);
  if (launch.kind === 'command') return { argv: launch.argv, cwd: launch.cwd, env: inherited };
  const file = path.join(fileURLToPath(PYTHON_ROOT), 'glompo', 'optimizers', launch.file);
  return {
    argv: [launch.python, file],
    cwd: process.cwd(),
    env: { ...PYTHON_ENVIRONMENT, ...inherited },
  };
}
