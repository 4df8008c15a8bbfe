import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Finished } from '../backends/batch.ts';
import { printOwn } from '../backends/hosts/output.ts';
import { createEvaluator } from '../backends/evaluators/registry.ts';
import type { RunConfig } from '../config/run-config.ts';
import { systemClock } from '../core/clock.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import { printError, printResult } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { type ConfigFlags, jsonOption, seedOption, setOption } from './options.ts';
import { parsePoints } from './points.ts';
import { readConfig } from './read-config.ts';

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
  const config = await readConfig(file, flags);
  const points = parsePoints(await given(flags), config.parameters);
  const finished = await evaluateAll(config, points);
  const evaluations = finished.map(({ outcome: { fx, status, extras, violation, error }, durationMs }) => ({
    fx: Number.isNaN(fx) ? null : fx,
    status,
    durationMs,
    extras: extras ?? null,
    ...(violation ? { violation } : {}),
    ...(error === undefined ? {} : { error }),
  }));
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
async function evaluateAll(config: RunConfig, points: readonly Float64Array[]): Promise<readonly Finished[]> {
  const finished: Finished[] = [];
  const { timeoutSeconds } = config.manager;
  const { promise, resolve } = Promise.withResolvers<void>();
  await using evaluator = await createEvaluator(
    {
      spec: {
        kind: 'threads',
        workers: Math.min(points.length, config.manager.maxJobs),
        retries: 0,
        ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      },
      task: config.task,
      parameters: config.parameters,
      seed: config.manager.seed,
      optimizerId: 0,
      worker: 'evaluate',
      clock: systemClock,
      onFinished: (some) => {
        finished.push(...some);
        if (finished.length === points.length) resolve();
      },
    },
    printOwn,
  );
  evaluator.submit(points.map((x, i) => ({ candidateId: i + 1, x })));
  await promise;
  return finished.toSorted((a, b) => a.candidateId - b.candidateId);
}
