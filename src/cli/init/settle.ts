import { DEFAULTS } from '../../config/defaults.ts';
import { CodedError } from '../../core/errors.ts';
import type { StarterParameter } from '../../config/starter.ts';
import type { InitFlags } from '../init.ts';
import { parseParameter, type TaskAnswer } from './answers.ts';
import type { Asker } from './ask.ts';

/** All that a configuration is begun with. */
export interface Settled {
  readonly task: TaskAnswer;
  readonly parameters: readonly StarterParameter[];
  readonly evaluations?: number;
  readonly maxJobs?: number;
  readonly seed?: number;
}

/** What is taken without a word of anybody. */
const USUAL = { task: { kind: 'module', file: 'task.ts' }, parameters: ['a:-5:5', 'b:-5:5'] } as const;

/**
 * What flags say, and where they do not what is answered.
 *
 * @param asker nothing where nobody can be asked
 * @throws {CodedError} `usage` with the flags that are missing then
 */
export async function settle(flags: InitFlags, asker: Asker | undefined): Promise<Settled> {
  const task = taskOf(flags) ?? (flags.yes ? USUAL.task : await asker?.task());
  const own = flags.parameter;
  if (task?.kind === 'benchmark' && own)
    throw new CodedError('usage', '--parameter: a benchmark brings its parameters along');
  const needsParameters = !own && task?.kind !== 'benchmark';
  if (!task || (needsParameters && !asker && !flags.yes)) throw missing(!task, needsParameters);
  const parameters =
    own ??
    (needsParameters
      ? asker
        ? await asker.parameters()
        : USUAL.parameters.map((text) => parseParameter(text))
      : []);
  const { seed } = flags;
  const evaluations =
    flags.evaluations ?? (await asker?.count('How many evaluations?', budgetFor(parameters.length || 10)));
  const maxJobs =
    flags.maxJobs ?? flags.workers ?? (await asker?.count('How many at once?', DEFAULTS.maxJobs()));
  return {
    task,
    parameters,
    ...(evaluations === undefined ? {} : { evaluations }),
    ...(maxJobs === undefined ? {} : { maxJobs }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function taskOf({ task, command }: InitFlags): TaskAnswer | undefined {
  if (command && task !== undefined && task !== 'command')
    throw new CodedError('usage', `--command: unexpected beside --task ${task.kind}`);
  if (task === 'command' && !command)
    throw new CodedError('usage', "--task command needs --command 'PROGRAM ARGUMENT {k}'");
  return command ?? (task === 'command' ? undefined : task);
}

function missing(task: boolean, parameters: boolean): CodedError {
  const flags = [
    ...(task
      ? ["--task module:FILE, python:FILE:FUNCTION or benchmark:NAME, or --command 'PROGRAM {k}'"]
      : []),
    ...(parameters ? [`--parameter name:min:max${task ? ' (not for a benchmark)' : ''}`] : []),
  ];
  return new CodedError(
    'usage',
    `there is no terminal to ask on: give ${flags.join(', and ')}; or --yes for defaults`,
  );
}

function budgetFor(parameters: number): number {
  return (DEFAULTS.stop(parameters) as { readonly 'max-evaluations': number })['max-evaluations'];
}
