import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Finished } from '../backends/batch.ts';
import type { Job } from '../backends/evaluators/contract.ts';
import { printOwn } from '../backends/hosts/output.ts';
import { createEvaluator } from '../backends/evaluators/registry.ts';
import type { RunConfig } from '../config/run-config.ts';
import { systemClock } from '../core/clock.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import { Space } from '../space/space.ts';
import type { EvaluationStatus, Outcome } from '../tasks/contract.ts';
import { Custody } from '../processes/custody.ts';
import { printError, printResult } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { type ConfigFlags, jsonOption, seedOption, setOption } from './options.ts';
import { parsePoints } from './points.ts';
import { readTaskConfig } from './read-config.ts';

interface EvaluateFlags extends ConfigFlags {
  readonly x?: string;
  readonly xFile?: string;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('evaluate the task alone, at one point or several, without a run')
    .argument('<config>', 'the configuration file')
    .option(
      '--x <json>',
      'a point, or a list of points: [1, 2.5] or {"k": 1, "n": 2.5}, in task units (default: the initial values, else the middle of the box)',
    )
    .option('--x-file <file>', 'a file that holds the same')
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(evaluate);
}

async function evaluate(file: string, flags: EvaluateFlags): Promise<void> {
  const config = await readTaskConfig(file, flags);
  const space = new Space(config.parameters, config.constraints);
  const points = parsePoints(await given(flags), space);
  const refusals = points.map((x) => refusalOf(space, x));
  const jobs = points.map((x, i) => ({ candidateId: i + 1, x })).filter((_, i) => !refusals[i]);
  const finished = await evaluateAll(config, jobs);
  const evaluated = finished.map(figuresOf).values();
  const evaluations = refusals.map((refusal) => refusal ?? evaluated.next().value!);
  if (flags.json) printResult(JSON.stringify({ evaluations }));
  else
    for (const { fx, status, durationMs, error, extras } of evaluations)
      printResult(
        `${status}  ${fx ?? error}  (${durationMs.toFixed(3)} ms)${extras ? `  ${JSON.stringify(extras)}` : ''}`,
      );
  const failed = evaluations.filter(({ status }) => status !== 'ok').length;
  if (failed > 0) {
    printError(`${failed} of ${evaluations.length} evaluations have no value`);
    process.exitCode = EXIT.failed;
  }
}

interface Figures {
  readonly fx: number | null;
  /** `refused`: a constraint does not hold there, so it was not evaluated; a run would not have evaluated it, either. */
  readonly status: EvaluationStatus | 'refused';
  readonly durationMs: number;
  readonly extras: Outcome['extras'] | null;
  readonly violation?: number;
  readonly error?: string;
}

function figuresOf({ outcome: { fx, status, extras, violation, error }, durationMs }: Finished): Figures {
  return {
    fx: Number.isNaN(fx) ? null : fx,
    status,
    durationMs,
    extras: extras ?? null,
    ...(violation ? { violation } : {}),
    ...(error === undefined ? {} : { error }),
  };
}

/** What is told of a point where a constraint does not hold; nothing for others. */
function refusalOf(space: Space, x: Float64Array): Figures | undefined {
  const breaches = space.breaches(x);
  if (breaches.length === 0) return undefined;
  const told = breaches.map(({ limit }) => {
    const gap = limit.gap(x);
    return `${limit.text} does not hold${Number.isNaN(gap) ? '' : `, by ${Number(gap.toPrecision(6))}`}`;
  });
  return {
    fx: null,
    status: 'refused',
    durationMs: 0,
    extras: null,
    violation: space.violation(x),
    error: told.join('; '),
  };
}

async function given({ x, xFile }: EvaluateFlags): Promise<string | undefined> {
  if (x !== undefined && xFile !== undefined)
    throw new CodedError('usage', 'expected --x or --x-file, got both');
  if (xFile === undefined) return x;
  try {
    return await readFile(xFile, 'utf8');
  } catch (error) {
    throw new CodedError('usage', `--x-file: cannot read ${xFile}: ${messageOf(error)}`);
  }
}

/** In threads, so that neither an endless loop nor `process.exit` of the task gets hold of this command. */
async function evaluateAll(config: RunConfig, jobs: readonly Job[]): Promise<readonly Finished[]> {
  if (jobs.length === 0) return [];
  const finished: Finished[] = [];
  const { timeoutSeconds } = config.manager;
  const { promise, resolve } = Promise.withResolvers<void>();
  const { kind } = config.task;
  // Programs, which no thread contains, end with this command.
  await using custody =
    kind === 'command' || kind === 'worker'
      ? await Custody.start({ containment: config.manager.containment })
      : undefined;
  await using evaluator = await createEvaluator(
    {
      spec: {
        kind: 'threads',
        workers: Math.min(jobs.length, config.manager.maxJobs),
        retries: 0,
        ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      },
      task: config.task,
      parameters: config.parameters,
      seed: config.manager.seed,
      optimizerId: 0,
      wantsGradient: true,
      worker: 'evaluate',
      custody: custody?.ticket('thread'),
      clock: systemClock,
      onFinished: (some) => {
        finished.push(...some);
        if (finished.length === jobs.length) resolve();
      },
    },
    printOwn,
  );
  evaluator.submit(jobs);
  await promise;
  return finished.toSorted((a, b) => a.candidateId - b.candidateId);
}
