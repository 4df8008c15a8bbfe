import type { HostHandle, HostLauncher, HostListener } from '../../src/backends/hosts/contract.ts';
import {
  CANCELLED,
  type Evaluator,
  type EvaluatorSetup,
  type Job,
} from '../../src/backends/evaluators/contract.ts';
import { OptimizerHost } from '../../src/backends/optimizer-host.ts';
import type { HostMessage, ManagerMessage } from '../../src/backends/protocol.ts';
import { drawAt, type RandomStream } from '../../src/core/random.ts';
import type { Outcome } from '../../src/tasks/contract.ts';
import type { CheckedLog } from './checked-log.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How unkind the simulated world is: chances, and the longest delays in milliseconds. */
export interface Hardship {
  readonly delayMs: number;
  readonly evaluationMs: number;
  /** Of a message to be lost, or to come twice. */
  readonly loss: number;
  readonly repetition: number;
  /** Of a host to crash at each message that it sends. */
  readonly crash: number;
  readonly failure: number;
}

/**
 * Real hosts over simulated channels, which delay, lose and repeat messages, crash hosts, and check what both ends may rely on.
 */
export class SimulatedHosts implements HostLauncher {
  readonly #clock: VirtualClock;
  readonly #random: RandomStream;
  readonly #hardship: Hardship;
  readonly #log: CheckedLog;
  readonly #slots: number;
  readonly #budget: number;
  /** What is granted and not known to be used or returned, as the messages tell it. */
  readonly #outstanding = new Map<number, () => number>();
  #workersUsed = 0;
  liveHosts = 0;
  /** Evaluations that were started, and those that died with their host. */
  started = 0;
  lost = 0;

  constructor(
    clock: VirtualClock,
    random: RandomStream,
    hardship: Hardship,
    log: CheckedLog,
    slots: number,
    budget: number,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#hardship = hardship;
    this.#log = log;
    this.#slots = slots;
    this.#budget = budget;
  }

  launch(optimizerId: number, listener: HostListener): HostHandle {
    this.liveHosts++;
    let isGone = false;
    let workers = 0;
    let granted = 0;
    let isFinishing = false;
    const running = new Set<number>();
    const sentRows = new Map<number, readonly number[]>();
    let acknowledged = 0;
    let returned = 0;
    let hasEnded = false;
    // A host that goes on where another died starts from what is in the log.
    const before = this.#log.durableOf(optimizerId);
    // What was granted, and is neither in the log nor given back: the host could still start as many.
    this.#outstanding.set(optimizerId, () =>
      hasEnded ? 0 : granted + before - this.#log.durableOf(optimizerId) - returned,
    );
    let host: OptimizerHost;

    const leave = (cause: string): void => {
      if (isGone) return;
      isGone = true;
      this.lost += running.size;
      host.abandon();
      this.#clock.after(this.#delay(), () => {
        this.liveHosts--;
        this.#workersUsed -= workers;
        this.#outstanding.delete(optimizerId);
        listener.exit({ cause });
      });
    };
    const toManager = (message: HostMessage): void => {
      if (isGone) return;
      if (message.type === 'batch') {
        const { sequence, rows } = message.batch;
        sentRows.set(sequence, [...rows.candidateIds]);
        returned = message.batch.returned;
        hasEnded = message.batch.end !== undefined;
      }
      this.#transmit(() => {
        if (!isGone) listener.message(message);
      });
      if (this.#random.uniform() < this.#hardship.crash)
        this.#clock.soon(() => {
          leave('simulated crash');
        });
    };
    host = new OptimizerHost({
      clock: this.#clock,
      createEvaluator: async (setup) => this.#evaluator(setup, running),
      send: toManager,
      close: () => {
        leave('ended');
      },
    });
    const check = (message: ManagerMessage): void => {
      if (message.type === 'assign') {
        if (workers === 0) {
          workers = message.assignment.evaluator.workers;
          this.#workersUsed += workers;
        }
        if (this.#workersUsed > this.#slots)
          throw new Error(`${this.#workersUsed} of ${this.#slots} slots are used`);
      }
      if (message.type !== 'control') return;
      if (isFinishing && message.granted > granted)
        throw new Error(`optimizer ${optimizerId} got credits after its end was decided`);
      isFinishing ||= message.finish !== 'no';
      granted = Math.max(granted, message.granted);
      for (; acknowledged < message.acknowledged; acknowledged++) {
        for (const candidateId of sentRows.get(acknowledged + 1)!) {
          if (!this.#log.has(optimizerId, candidateId))
            throw new Error(
              `candidate ${optimizerId}/${candidateId} was acknowledged, but is not in the log`,
            );
        }
      }
      this.checkCredits();
    };
    return {
      name: `simulated ${optimizerId}`,
      send: (message) => {
        check(message);
        this.#transmit(() => {
          if (!isGone) host.receive(message);
        });
      },
      terminate: () => {
        leave('terminated');
      },
    };
  }

  /** What the manager promises of every budget, told from the messages alone. */
  checkCredits(): void {
    let outstanding = 0;
    for (const credits of this.#outstanding.values()) outstanding += credits();
    if (this.#log.durable + outstanding > this.#budget)
      throw new Error(
        `${this.#log.durable} rows and ${outstanding} credits exceed the budget of ${this.#budget}`,
      );
  }

  #delay(): number {
    return this.#random.uniform() * this.#hardship.delayMs;
  }

  /** Channels may overtake, lose and repeat. */
  #transmit(deliver: () => void): void {
    if (this.#random.uniform() >= this.#hardship.loss) this.#clock.after(this.#delay(), deliver);
    if (this.#random.uniform() < this.#hardship.repetition) this.#clock.after(2 * this.#delay(), deliver);
  }

  #evaluator(setup: EvaluatorSetup, running: Set<number>): Evaluator {
    const jobs = new Map<number, Job>();
    /** Those that wait for a worker, as on other machines. */
    const waiting = new Set<number>();
    const finish = (job: Job, outcome: Outcome): void => {
      if (!jobs.delete(job.candidateId)) return;
      running.delete(job.candidateId);
      const isUnbegun = waiting.delete(job.candidateId);
      if (isUnbegun) this.started--;
      const times = { startedAt: this.#clock.now(), durationMs: 1, attempts: 1 };
      setup.onFinished([{ ...job, outcome, ...times, worker: 'simulated', isUnbegun }]);
    };
    return {
      get room() {
        return setup.spec.workers - jobs.size;
      },
      get demand() {
        return setup.spec.workers - jobs.size;
      },
      submit: (some) => {
        for (const job of some) {
          this.started++;
          jobs.set(job.candidateId, job);
          waiting.add(job.candidateId);
          running.add(job.candidateId);
          const outcome: Outcome =
            drawAt(setup.seed, 'failure', setup.optimizerId, job.candidateId) < this.#hardship.failure
              ? { status: 'failed', fx: NaN, error: 'simulated' }
              : { status: 'ok', fx: job.x.reduce((sum, value) => sum + value * value, 0) };
          const ms = this.#random.uniform() * this.#hardship.evaluationMs;
          this.#clock.after(this.#random.uniform() * ms, () => waiting.delete(job.candidateId));
          this.#clock.after(ms, () => {
            waiting.delete(job.candidateId);
            finish(job, outcome);
          });
        }
      },
      withdraw: () => {
        for (const job of jobs.values()) if (waiting.has(job.candidateId)) finish(job, CANCELLED);
      },
      cancel: () => {
        for (const job of jobs.values()) finish(job, CANCELLED);
      },
      [Symbol.asyncDispose]: async () => {},
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
