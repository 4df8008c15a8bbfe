import { CodedError } from '../../core/errors.ts';
import type { Task } from '../contract.ts';
import type { TaskWorld } from '../world.ts';
import type { CommandSpec } from './spec.ts';

/** A task that starts a program for each evaluation. */
export function loadCommandTask(spec: CommandSpec, _world: TaskWorld): Task {
  throw new CodedError('internal', `not written yet: ${spec.argv.join(' ')}`);
}
