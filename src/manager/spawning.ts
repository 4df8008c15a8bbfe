import type { RunSoFar } from '../conditions/past-optimizer.ts';
import type { ComponentUse, OptimizerUse, RunConfig } from '../config/run-config.ts';
import { blame } from '../core/blame.ts';
import { CodedError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { RandomStream } from '../core/random.ts';
import type { Generator } from '../generators/contract.ts';
import { generators } from '../generators/registry.ts';
import { setupIn } from '../generators/setup.ts';
import type { Selector } from '../selectors/contract.ts';
import { optimizers } from '../optimizers/registry.ts';
import { selectors } from '../selectors/registry.ts';
import type { Space } from '../space/space.ts';

/** Of an optimizer that is none of the configuration's. */
export const NO_TYPE = -1;

/** An optimizer of the configuration, and its place there. */
export interface Choice {
  readonly type: number;
  readonly use: OptimizerUse;
}

/** Whether it searches on by itself after it has converged. */
export function restartsByItself({ use: { name, options } }: Choice): boolean {
  // Of a library's own optimizer it is not known.
  return optimizers.has(name) && (optimizers.get(name).restarts?.(options as never) ?? false);
}

/** A generator, and what it is called. */
interface Start {
  readonly name: string;
  readonly generator: Generator;
}

/** Decides whether another optimizer is started, which, and where. What it says follows from the seed and the run so far alone. */
export class Spawner {
  readonly #config: RunConfig;
  readonly #space: Space;
  readonly #selector: Selector;
  /** Of the run, and of the types that have one of their own. */
  readonly #generator: Start;
  readonly #own: readonly (Start | undefined)[];
  #next: { readonly id: number; readonly choice: Choice } | undefined;

  constructor(config: RunConfig, space: Space) {
    const { selector, use } = config.optimizers;
    const { seed } = config.manager;
    this.#config = config;
    this.#space = space;
    this.#selector = blame('selector', selector.name, 'create', () =>
      selectors.get(selector.name).create(selector.options as never, { types: use.length }),
    );
    const setup = setupIn(space, seed);
    const start = ({ name, options }: ComponentUse): Start => ({
      name,
      generator: blame('generator', name, 'create', () =>
        generators.get(name).create(options as never, setup),
      ),
    });
    this.#generator = start(config.generator);
    this.#own = use.map((one) => one.generator && start(one.generator));
  }

  /** Why no more optimizers are started, if so. */
  whyNot(run: () => RunSoFar): string | undefined {
    const { spawn, use } = this.#config.optimizers;
    const isLimited = use.every(({ maxStarts }) => maxStarts !== undefined);
    if (!isLimited && spawn.optimizers === undefined && spawn.evaluations === undefined) return undefined;
    const now = run();
    const { optimizers: most = Infinity, evaluations: limit = Infinity } = spawn;
    if (now.optimizerId > most) return `${most} optimizers were started (optimizers.spawn)`;
    if (now.evaluations >= limit) return `${limit} evaluations were made (optimizers.spawn)`;
    if (isLimited && !this.#isOpen(now).includes(true))
      return 'each was started as often as its maxStarts allows';
    return undefined;
  }

  /**
   * What is started as optimizer `id`: chosen when the first slot is free, and not again until there are slots enough for it, but by a
   * selector that revises.
   *
   * @param run looked at when a choice is made
   * @returns the same object as long as it is the same choice
   */
  next(id: number, run: () => RunSoFar): Choice {
    if (this.#next?.id !== id) {
      const now = run();
      this.#next = { id, choice: this.#choice(this.#select(now), now) };
    } else if (this.#selector.revises) {
      const now = run();
      const type = this.#select(now);
      if (type !== this.#next.choice.type) this.#next = { id, choice: this.#choice(type, now) };
    }
    return this.#next.choice;
  }

  #choice(type: number, run: RunSoFar): Choice {
    return { type, use: this.#varied(this.#config.optimizers.use[type]!, run, type) };
  }

  /** What was chosen as optimizer `id` in an earlier session. */
  restore(id: number, choice: Choice): void {
    this.#next = { id, choice };
  }

  #select(run: RunSoFar): number {
    const { use } = this.#config.optimizers;
    const { name } = this.#config.optimizers.selector;
    const isOpen = this.#isOpen(run);
    const type = blame('selector', name, 'select', () =>
      this.#selector.select({
        ...run,
        types: use.map((one) => one.name),
        isOpen,
        random: this.#stream('selector', run),
      }),
    );
    if (!use[type])
      throw new CodedError(
        'component-failed',
        `selector ${name} chose optimizer type ${String(type)}, expected 0 to ${use.length - 1}`,
      );
    return nextOpen(type, isOpen);
  }

  /** The optimizer with the options that it has after those of its type that were started before. */
  #varied(use: OptimizerUse, run: RunSoFar, type: number): OptimizerUse {
    const vary = optimizers.has(use.name) ? optimizers.get(use.name).vary : undefined;
    if (!vary) return use;
    const random = this.#stream('options', run);
    const options = blame('optimizer', use.name, 'vary', () =>
      vary(use.options as never, run.spent[type] ?? [], this.#space.dimension, random),
    );
    return { ...use, options: options as JsonObject };
  }

  #isOpen({ spent }: RunSoFar): readonly boolean[] {
    return this.#config.optimizers.use.map(
      ({ maxStarts = Infinity }, type) => (spent[type]?.length ?? 0) < maxStarts,
    );
  }

  /**
   * A point of the unit box. The first optimizer starts at the initial values, in those coordinates that have one.
   *
   * @param type of the optimizer that is to start there
   */
  startPoint(run: RunSoFar, type: number): Float64Array {
    const own = this.#own[type];
    const { name, generator } = own ?? this.#generator;
    // A walk over minima is one over those of its own kind.
    const seen = own ? { ...run, optimizers: run.optimizers.filter((one) => one.type === type) } : run;
    const point = blame('generator', name, 'generate', () =>
      generator.generate({ ...seen, random: this.#stream('generator', run) }),
    );
    this.#check(name, point);
    if (run.optimizerId !== 1) return point;
    return point.map((coordinate, i) => this.#space.initial[i] ?? coordinate);
  }

  #check(name: string, point: unknown): void {
    const { dimension } = this.#space;
    const fault = !(point instanceof Float64Array)
      ? `returned ${typeof point}, expected a Float64Array`
      : point.length !== dimension
        ? `returned a point with ${point.length} coordinates, expected ${dimension}`
        : [...point].some((coordinate) => !(coordinate >= 0 && coordinate <= 1))
          ? `returned a point outside the unit box: ${point.join(', ')}`
          : undefined;
    if (fault !== undefined) throw new CodedError('component-failed', `generator ${name} ${fault}`);
  }

  #stream(path: string, { optimizerId }: RunSoFar): RandomStream {
    return RandomStream.at(this.#config.manager.seed, path, optimizerId);
  }
}

/** The first type from this one on, and round, that may be started; one may. */
function nextOpen(type: number, isOpen: readonly boolean[]): number {
  for (let i = 0; i < isOpen.length; i++) {
    const next = (type + i) % isOpen.length;
    if (isOpen[next]) return next;
  }
  throw new CodedError('internal', 'an optimizer was chosen although none may be started');
}
