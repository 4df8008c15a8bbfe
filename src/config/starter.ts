import { checkers } from '../checkers/registry.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { quoteName } from '../space/expression.ts';
import { DEFAULTS } from './defaults.ts';
import { checkpointsSchema } from './sections/checkpoints.ts';
import { managerSchema } from './sections/manager.ts';
import { parameterSchema } from './sections/parameters.ts';
import { commented, flow, options } from './starter-lines.ts';
import type { TaskLines } from './starter-task.ts';

/** A free parameter, as it is written. */
export interface StarterParameter {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly scale?: 'log';
  readonly type?: 'integer';
}

/** What a configuration is begun with. */
export interface Starter {
  readonly task: TaskLines;
  /** None when the task brings them along. */
  readonly parameters: readonly StarterParameter[];
  /** How many of them there are. */
  readonly free: number;
  readonly maxEvaluations?: number;
  readonly maxJobs?: number;
  readonly seed?: number;
}

/** What is shown of `manager`, and as what where there is no default. */
const MANAGER_EXAMPLES: Readonly<Record<string, Json>> = {
  maxJobs: DEFAULTS.maxJobs(),
  seed: 1,
  backend: null,
  timeoutSeconds: 60,
  retries: null,
  onFailure: 'worst',
  huntFrequency: null,
  shareBest: null,
  reproducible: null,
};

/**
 * A configuration for people to go on writing. What it does not decide is there as a comment, with the default that holds anyway: `#key`
 * without a space is to be uncommented.
 *
 * @param heading lines of comment above everything
 */
export function starterText(starter: Starter, heading: readonly string[]): string {
  const { maxEvaluations } = starter;
  const { 'max-evaluations': usual } = DEFAULTS.stop(starter.free) as { readonly 'max-evaluations': number };
  const { selector, use } = DEFAULTS.portfolio(false);
  return [
    ...heading,
    '',
    ...starter.task,
    '',
    ...parameterLines(starter.parameters),
    '# When the run ends: when any of these holds. `glompo list checkers` has more.',
    'stop:',
    '  any:',
    `    - max-evaluations: ${maxEvaluations ?? usual}`,
    ...['target-value: { target: 0, tolerance: 1.0e-6 }', 'max-seconds: 3600', 'no-improvement: 1000'].map(
      (line) => `    #- ${line} # ${checkers.get(line.slice(0, line.indexOf(':'))).summary}`,
    ),
    '',
    '# Which optimizers are started, and what chooses the next one. `glompo list optimizers` has all of them, with their options.',
    ...commented({ optimizers: { selector, use: [...use] } as JsonObject }, 2),
    '',
    '# Where they start: `glompo list generators`.',
    ...commented({ generator: DEFAULTS.generator }, 0),
    '',
    '# When an optimizer is killed, and another one takes its place: `glompo list hunters`; none: never.',
    ...commented({ hunters: DEFAULTS.hunters(Math.max(1, starter.free)) }, 1),
    '',
    '# How the run is carried out.',
    'manager:',
    ...options(managerSchema, MANAGER_EXAMPLES, { maxJobs: starter.maxJobs, seed: starter.seed }),
    '',
    '# Marks from which the run can be resumed. Without any it can be resumed from where it was.',
    'checkpoints:',
    ...options(checkpointsSchema, { everySeconds: 600, keep: null }),
    '',
    '# A point whose value is known is not evaluated again.',
    '#cache: true',
    '',
    '# Begin with the evaluations of another run.',
    '#warmStart: runs/earlier',
    '',
  ].join('\n');
}

function parameterLines(parameters: readonly StarterParameter[]): readonly string[] {
  if (parameters.length === 0) return ['# The benchmark brings its parameters along.', ''];
  const { type, scale, initial } = parameterSchema.properties;
  return [
    '# What it depends on, with bounds in its own unit. Each may also have',
    ...Object.entries({ scale, type, initial }).map(([key, option]) => `#   ${key}: ${option!.description}`),
    '# and one that is { name: c, value: 2.5 } is fixed, one that is { name: d, value: = 2*c } tied to others.',
    'parameters:',
    ...parameters.map((parameter) => `  - ${flow(parameter)}`),
    '',
    '# Comparisons that must hold of a point for it to be evaluated.',
    '#constraints:',
    `#  - ${flow(constraintOf(parameters))}`,
    '',
  ];
}

/** One that holds everywhere until somebody makes it say something. */
function constraintOf([first, second]: readonly StarterParameter[]): string {
  const { name, max } = first!;
  return second
    ? `${quoteName(name)} + 2*${quoteName(second.name)} <= ${max + 2 * second.max}`
    : `${quoteName(name)} <= ${max}`;
}
