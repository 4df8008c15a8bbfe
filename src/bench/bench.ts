import { isDeepStrictEqual } from 'node:util';
import { CodedError } from '../core/errors.ts';
import { type BenchConfiguration, type BenchKey, BenchLog } from '../log/bench-log.ts';
import { lockRunDirectory } from '../manager/run-directory.ts';
import { type Answer, Crew } from './crew.ts';
import type { Problem } from './problem.ts';
import type { Assignment } from './solve.ts';
import { hasResiduals } from './suites.ts';
import type { Suite } from './suites/contract.ts';

/** How many evaluations a run may make: so many, or so many times its dimension. */
export type Budget = { readonly perDimension: number } | { readonly evaluations: number };

/** What is to be run. */
export interface BenchPlan {
  readonly directory: string;
  readonly suite: Suite;
  readonly problems: readonly Problem[];
  readonly seeds: readonly number[];
  readonly budget: Budget;
  /** A call that returned a gradient counts as so many evaluations. */
  readonly gradientCost: number;
  readonly configurations: readonly BenchConfiguration[];
  /** How many run at once. */
  readonly jobs: number;
}

/** How a bench stands. */
export interface BenchProgress {
  /** Runs of the plan that have their results, those included that had them before. */
  readonly done: number;
  readonly all: number;
  /** Of this call. */
  readonly failed: readonly string[];
  readonly evaluations: number;
  /** Seconds that its runs took, one after the other. */
  readonly runSeconds: number;
}

interface Item {
  readonly key: BenchKey;
  readonly assignment: Assignment;
}

export function budgetOf(budget: Budget, dimension: number): number {
  return 'evaluations' in budget ? budget.evaluations : budget.perDimension * dimension;
}

/** Runs configurations over problems; what has a result in the directory is not run again. */
export class Bench {
  readonly #plan: BenchPlan;
  readonly #onProgress: (progress: BenchProgress) => void;
  readonly #crew = new Crew();
  #isStopped = false;
  #done = 0;
  #evaluations = 0;
  #runSeconds = 0;
  readonly #failed: string[] = [];

  constructor(plan: BenchPlan, onProgress: (progress: BenchProgress) => void) {
    this.#plan = plan;
    this.#onProgress = onProgress;
  }

  /** Starts no more runs. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Ends also those that run: they have no results. */
  kill(): void {
    this.stop();
    void this.#crew[Symbol.asyncDispose]();
  }

  /** @throws {CodedError} `usage` when the directory holds a bench of another suite or budget */
  async run(): Promise<BenchProgress> {
    const { directory, jobs } = this.#plan;
    using _ = lockRunDirectory(directory);
    using log = new BenchLog(directory, 'write');
    claim(log, this.#plan);
    for (const one of this.#plan.configurations) log.addConfiguration(one);
    const items = itemsOf(this.#plan).filter(({ key }) => !log.has(key));
    this.#done = this.#all - items.length;
    this.#onProgress(this.#progress);
    await using crew = this.#crew;
    const queue = items.values();
    await crew.run(
      Math.min(jobs, items.length),
      () => (this.#isStopped ? undefined : queue.next().value),
      (item, answer) => {
        this.#take(log, item, answer);
      },
    );
    return this.#progress;
  }

  #take(log: BenchLog, { key, assignment }: Item, answer: Answer): void {
    if ('outcome' in answer) {
      const { outcome } = answer;
      log.add({ ...key, budget: assignment.budget, ...outcome, node: process.versions.node });
      this.#done++;
      this.#evaluations += outcome.evaluations;
      this.#runSeconds += outcome.wallSeconds;
    } else if (!this.#isStopped) {
      const name = this.#plan.configurations.find((one) => one.configuration === key.configuration)!.name;
      this.#failed.push(
        `${name} on ${JSON.stringify(assignment.problem.task)}, seed ${key.seed}: ${answer.error}`,
      );
    }
    this.#onProgress(this.#progress);
  }

  get #all(): number {
    const { configurations, problems, seeds } = this.#plan;
    return configurations.length * problems.length * seeds.length;
  }

  get #progress(): BenchProgress {
    return {
      done: this.#done,
      all: this.#all,
      failed: this.#failed,
      evaluations: this.#evaluations,
      runSeconds: this.#runSeconds,
    };
  }
}

/** All results in a directory are of one suite with one budget, or nobody could compare them. */
function claim(log: BenchLog, { directory, suite, budget, gradientCost }: BenchPlan): void {
  const facts = log.facts();
  const wanted = { suite: suite.name, budget, ...(gradientCost === 1 ? {} : { gradientCost }) };
  if (facts['suite'] !== undefined && !isDeepStrictEqual({ ...facts }, wanted))
    throw new CodedError(
      'usage',
      `${directory} holds results of ${facts['suite'] as string} with ${budgetText(facts['budget'], facts['gradientCost'])}, not of ${suite.name} with ${budgetText(budget, gradientCost)}; choose another directory`,
    );
  log.setFacts(wanted);
}

function budgetText(budget: unknown, gradientCost: unknown = 1): string {
  return `the budget ${JSON.stringify(budget)}${gradientCost === 1 ? '' : `, gradients at ${String(gradientCost)}`}`;
}

/** Problem by problem, so that all configurations have got equally far at any time. */
function itemsOf({
  suite,
  problems,
  seeds,
  configurations,
  budget,
  gradientCost,
}: BenchPlan): readonly Item[] {
  const known = problems.map((problem) => ({ problem, isFit: hasResiduals(problem) }));
  return seeds.flatMap((seed) =>
    known.flatMap(({ problem, isFit }) =>
      configurations.map(({ configuration, config, fitConfig }) => ({
        key: {
          configuration,
          function: problem.function,
          dimension: problem.dimension,
          instance: problem.instance,
          seed,
        },
        assignment: {
          config: isFit ? fitConfig : config,
          suite: suite.name,
          problem,
          seed,
          budget: budgetOf(budget, problem.dimension),
          gradientCost,
        },
      })),
    ),
  );
}
