import { Dialogue, type DialogueParts } from './dialogue.ts';
import type { Finished } from './batch.ts';
import type { Evaluator } from './evaluators/contract.ts';
import type { HostWorld } from './host-world.ts';
import { makeOptimizer, type MadeOptimizer } from './make-optimizer.ts';
import type { PointSource } from './point-source.ts';
import type { HostAssignment } from './protocol.ts';
import { RoundPace } from './round-pace.ts';

/** All that a host needs to begin. */
export interface Loaded {
  readonly made: MadeOptimizer;
  readonly dialogue: Dialogue;
  readonly evaluator: Evaluator;
  readonly rounds: RoundPace | undefined;
}

/** What the host has already, and is told meanwhile. */
export interface LoadingParts extends Pick<DialogueParts, 'journal' | 'cache' | 'idle' | 'computing'> {
  /** Called as soon as there is one: from then on it may have to be ended. */
  readonly onSource: (source: PointSource) => void;
  readonly onFinished: (finished: readonly Finished[]) => void;
}

/**
 * Makes the optimizer of an assignment, and loads the task that its points are evaluated with.
 *
 * @param protocol what the manager speaks
 * @throws whatever is wrong with either
 */
export async function load(
  protocol: number,
  assignment: HostAssignment,
  world: HostWorld,
  { onSource, onFinished, ...parts }: LoadingParts,
): Promise<Loaded> {
  const made = await makeOptimizer(protocol, assignment, world, onSource);
  const { source, space } = made;
  // In rounds it is known of each, before one begins, whether it has points or is done.
  if (assignment.pace === 'rounds') await source.elsewhere?.until(1);
  const rounds = assignment.pace === 'rounds' ? new RoundPace() : undefined;
  const untold = new Set(made.untold.map(({ candidate }) => candidate.id));
  parts.cache.open(space, assignment, made.streak, untold, source.reevaluates ?? false);
  const { workers } = assignment.evaluator;
  const dialogue = new Dialogue(made, { ...parts, rounds, workers });
  const evaluator = await world.createEvaluator({
    spec: assignment.evaluator,
    task: assignment.task,
    parameters: assignment.parameters,
    seed: assignment.seed,
    optimizerId: assignment.optimizerId,
    wantsGradient: source.uses?.includes('gradient') ?? false,
    worker: assignment.worker,
    custody: assignment.custody,
    workRoot: assignment.workRoot,
    clock: world.clock,
    onFinished,
  });
  return { made, dialogue, evaluator, rounds };
}
