import type { RunConfig } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';
import { textOf } from '../core/json.ts';
import type { CheckpointReason } from '../log/contract.ts';
import type { Books } from './books.ts';
import type { LiveOptimizer } from './live-optimizer.ts';
import type { ManagerWorld } from './world.ts';

/** An optimizer whose thread is busy with an evaluation does not answer for as long. Its part is then replayed from its last snapshot. */
const WAIT_MS = 2000;

/** A checkpoint that waits for the optimizers' snapshots. */
interface Pending {
  /** By the pattern, when it is made, if not given. */
  readonly name: string | undefined;
  readonly reason: CheckpointReason;
  readonly waitsFor: readonly LiveOptimizer[];
  readonly until: number;
  readonly done: (name: string) => void;
}

/**
 * Makes checkpoints: when it is time for one, and when somebody asks. A checkpoint is a mark in the log and a snapshot of every
 * optimizer from before it; nobody stops for it.
 */
export class Checkpoints {
  readonly #settings: RunConfig['checkpoints'];
  readonly #world: ManagerWorld;
  readonly #books: Books;
  readonly #taken: Set<string>;
  #pending: readonly Pending[] = [];
  #count: number;
  #nextAt = Infinity;
  #nextCall = Infinity;

  constructor({ checkpoints }: RunConfig, world: ManagerWorld, books: Books) {
    this.#settings = checkpoints;
    this.#world = world;
    this.#books = books;
    const made = world.log.events().filter(({ type }) => type === 'checkpoint');
    // Also those that were not kept: somebody may have been told their names.
    this.#taken = new Set(
      [...world.log.checkpoints(), ...made.map(({ data }) => data)].map(({ name }) => textOf(name)),
    );
    this.#count = made.length;
  }

  /** The run begins, or goes on. */
  start(isResumed: boolean): void {
    const { everySeconds, everyEvaluations, atStart } = this.#settings;
    if (everySeconds !== undefined) this.#nextAt = this.#world.clock.elapsed() + 1000 * everySeconds;
    if (everyEvaluations !== undefined) this.#nextCall = this.#nextMultiple(everyEvaluations);
    if (atStart && !isResumed) this.#mark(this.#named('start'), 'start');
  }

  /**
   * Makes a checkpoint as soon as the optimizers have told how they stand.
   *
   * @param name by the pattern `checkpoints.name` when not given
   * @param done called with its name when it is in the log
   * @throws {CodedError} `usage` when the name is taken
   */
  request(name: string | undefined, reason: CheckpointReason, done: (name: string) => void = () => {}): void {
    if (name !== undefined) this.#take(name);
    const waitsFor = this.#books.roster.working();
    for (const optimizer of waitsFor) optimizer.save();
    const until = this.#world.clock.elapsed() + WAIT_MS;
    this.#pending = [...this.#pending, { name, reason, waitsFor, until, done }];
    this.look();
  }

  /** Something happened, or time passed. */
  look(): void {
    const now = this.#world.clock.elapsed();
    const { everySeconds, everyEvaluations } = this.#settings;
    if (everySeconds !== undefined && now >= this.#nextAt) {
      this.#nextAt = now + 1000 * everySeconds;
      this.request(undefined, 'seconds');
    }
    if (everyEvaluations !== undefined && this.#books.credits.calls >= this.#nextCall) {
      this.#nextCall = this.#nextMultiple(everyEvaluations);
      this.request(undefined, 'evaluations');
    }
    if (this.#pending.length === 0) return;
    const ready = this.#pending.filter(({ waitsFor, until }) => now >= until || !waitsFor.some(isAwaited));
    this.#pending = this.#pending.filter((one) => !ready.includes(one));
    for (const one of ready) this.#make(one);
  }

  /** The run ends: what waits is made now, and one of its own if it is to have that. */
  end(reason: 'end' | 'job-limit'): void {
    for (const one of this.#pending) this.#make(one);
    this.#pending = [];
    if (reason === 'job-limit' || this.#settings.atEnd) this.#mark(this.#named(reason), reason);
  }

  #nextMultiple(every: number): number {
    return every * (Math.floor(this.#books.credits.calls / every) + 1);
  }

  #make({ name: given, reason, done }: Pending): void {
    const name = given ?? this.#named(reason);
    this.#mark(name, reason);
    done(name);
  }

  #mark(name: string, reason: CheckpointReason): void {
    const { log, clock } = this.#world;
    const { credits, chronicle } = this.#books;
    // Those that somebody asked for stay.
    const keep = reason === 'seconds' || reason === 'evaluations' ? this.#settings.keep : Infinity;
    log.atomically(() => {
      log.checkpoint({ name, callId: credits.calls, at: clock.now(), reason }, keep);
      chronicle.tell({ kind: 'operational', type: 'checkpoint', message: name, data: { name, reason } });
    });
  }

  /** @throws {CodedError} `usage` when the name is taken */
  #take(name: string): void {
    if (this.#taken.has(name))
      throw new CodedError('usage', `there is a checkpoint ${name} already; choose another name`);
    this.#taken.add(name);
    this.#count++;
  }

  /** By the pattern. */
  #named(reason: CheckpointReason): string {
    const date = new Date(this.#world.clock.now());
    const [day, time] = date.toISOString().slice(0, 19).split('T') as [string, string];
    const values: Readonly<Record<string, string>> = {
      n: String(++this.#count),
      call: String(this.#books.credits.calls),
      date: day,
      time: time.replaceAll(':', '-'),
      reason,
    };
    const pattern = this.#settings.name.replaceAll(
      /\{(\w+)\}/g,
      (whole, key: string) => values[key] ?? whole,
    );
    let name = pattern;
    for (let i = 2; this.#taken.has(name); i++) name = `${pattern}-${i}`;
    this.#taken.add(name);
    return name;
  }
}

/** Whether its snapshot is still to come. */
function isAwaited(optimizer: LiveOptimizer): boolean {
  return optimizer.phase !== 'ended' && !optimizer.isGone && optimizer.isSaving;
}
