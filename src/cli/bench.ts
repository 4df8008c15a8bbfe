import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { Bench, type BenchPlan, type BenchProgress, type Budget } from '../bench/bench.ts';
import { readConfigurations } from '../bench/configurations.ts';
import { findSuite, problemsOf, SUITE_NAMES } from '../bench/suites.ts';
import { CodedError } from '../core/errors.ts';
import { parseCount, parseNumbers, parseWords } from './bench-options.ts';
import { benchReportCommand } from './bench-report.ts';
import { isTerminal, printError, printResult } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { jsonOption, setOption } from './options.ts';
import { handleSignals } from './signals.ts';

interface BenchFlags {
  readonly suite?: string;
  readonly functions?: readonly string[];
  readonly dimensions?: readonly number[];
  readonly instances?: readonly number[];
  readonly seeds: readonly number[];
  readonly budget?: number;
  readonly evaluations?: number;
  readonly gradientCost: number;
  readonly into?: string;
  readonly jobs?: number;
  readonly set: readonly string[];
  readonly json?: boolean;
}

/** Of the dimension, as BBOB's reference results here have it. */
const USUAL_BUDGET = 1000;

export function benchCommand(): Command {
  return new Command('bench')
    .description('run configurations over a suite of test problems; what is done is not run again')
    .argument(
      '[configs...]',
      'configurations, whose task, parameters and stop the suite replaces (default: all defaults)',
    )
    .option('--suite <suite>', `one of ${SUITE_NAMES.join(', ')}`)
    .option('--into <dir>', 'where the results go, or are')
    .option(
      '--functions <list>',
      'such as 1-5,15, or names (default: as docs/bench.md says; so below)',
      parseWords,
    )
    .option('--dimensions <list>', 'such as 5,10,20', parseNumbers)
    .option('--instances <list>', 'such as 1-15', parseNumbers)
    .addOption(
      new Option('--seeds <list>', 'each problem is run once with each')
        .argParser(parseNumbers)
        .default([1], '1'),
    )
    .option('--budget <n>', `evaluations a run, times the dimension (default: ${USUAL_BUDGET})`, parseCount)
    .option('--evaluations <n>', 'evaluations a run, whatever the dimension', parseCount)
    .addOption(
      new Option('--gradient-cost <n>', 'evaluations that a call counts as which returned a gradient')
        .argParser(parseCount)
        .default(1),
    )
    .option('--jobs <n>', 'how many run at once (default: as many as there are cores)', parseCount)
    .addOption(setOption())
    .addOption(jsonOption())
    .addCommand(benchReportCommand())
    .action(runBench);
}

async function runBench(configs: readonly string[], flags: BenchFlags): Promise<void> {
  const plan = await planOf(configs, flags);
  const bench = new Bench(plan, progressPrinter());
  using signals = handleSignals({
    stop() {
      bench.stop();
      return 'done';
    },
    suspend() {
      bench.stop();
      return 'done';
    },
    kill() {
      bench.kill();
    },
  });
  const progress = await bench.run();
  tell(plan, progress, flags.json ?? false);
  if (progress.done + progress.failed.length < progress.all)
    process.exitCode = signals.exitCode ?? EXIT.suspended;
  else if (progress.failed.length > 0) process.exitCode = EXIT.failed;
}

async function planOf(configs: readonly string[], flags: BenchFlags): Promise<BenchPlan> {
  if (flags.suite === undefined || flags.into === undefined)
    throw new CodedError('usage', `expected --suite (${SUITE_NAMES.join(', ')}) and --into DIR`);
  const suite = findSuite(flags.suite);
  const problems = problemsOf(suite, flags);
  return {
    directory: path.resolve(flags.into),
    suite,
    problems,
    seeds: flags.seeds,
    budget: budgetOf(flags),
    gradientCost: flags.gradientCost,
    configurations: await readConfigurations(configs, flags.set),
    jobs: flags.jobs ?? availableParallelism(),
  };
}

function budgetOf({ budget, evaluations }: BenchFlags): Budget {
  if (budget !== undefined && evaluations !== undefined)
    throw new CodedError('usage', 'expected --budget or --evaluations, got both');
  return evaluations === undefined ? { perDimension: budget ?? USUAL_BUDGET } : { evaluations };
}

/** On a terminal one line that is written over; elsewhere a line for every tenth part. */
function progressPrinter(): (progress: BenchProgress) => void {
  let tenths = -1;
  return ({ done, all, failed }) => {
    const count = done + failed.length;
    const line = `${count} of ${all} runs${failed.length > 0 ? `, ${failed.length} failed` : ''}`;
    if (isTerminal()) process.stderr.write(`\r${line}${count === all ? '\n' : ''}`);
    else if (Math.floor((10 * count) / all) > tenths) {
      tenths = Math.floor((10 * count) / all);
      printError(line);
    }
  };
}

/** Failures are often all the same. */
const MOST_FAILURES = 5;

function tell({ directory }: BenchPlan, progress: BenchProgress, isJson: boolean): void {
  const { done, all, failed, evaluations, runSeconds } = progress;
  for (const line of failed.slice(0, MOST_FAILURES)) printError(`failed: ${line}`);
  if (failed.length > MOST_FAILURES) printError(`and ${failed.length - MOST_FAILURES} more failed`);
  if (done + failed.length < all)
    printError(`${all - done - failed.length} runs are left; the same command goes on with them`);
  printResult(
    isJson
      ? JSON.stringify({
          dir: directory,
          runs: { done, all, failed: failed.length },
          evaluations,
          runSeconds,
        })
      : `${done} of ${all} runs done, ${evaluations} evaluations${runSeconds > 0 ? `, ${Math.round(evaluations / runSeconds)} a second and run` : ''}: glompo bench report ${directory}`,
  );
}
