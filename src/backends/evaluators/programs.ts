import { systemClock } from '../../core/clock.ts';
import { Custody } from '../../processes/custody.ts';
import type { ContextSetup } from '../../tasks/context.ts';
import type { WorkerSpec } from '../../tasks/contract.ts';
import type { ResidualRule } from '../../tasks/residuals.ts';
import type { OutputSink } from '../hosts/output.ts';
import type { Executor } from '../pool/contract.ts';
import { Crew } from '../pool/crew.ts';
import type { EvaluationReply } from './chunk.ts';
import type { EvaluatorSetup, Job } from './contract.ts';
import { ProgramMember, type ProgramCrewState } from './program-member.ts';
import type { ProgramShelf, Reusable } from './program-shelf.ts';
import { ProgramTalk } from './program-talk.ts';

/** A task that is a program which stays up, as it is loaded. */
type ProgramTask = WorkerSpec & { readonly residuals?: readonly ResidualRule[] };

/** Programs as they work for an optimizer. */
export interface Programs extends Executor<Job, EvaluationReply> {
  /** Why they take nothing any more: none starts. */
  readonly failure: Error | undefined;
}

/**
 * Evaluates chunks in programs that stay up and speak lines of JSON, see `docs/protocol.md`: in those of an optimizer that is done, if there
 * are any.
 */
export async function programCrew(
  spec: ProgramTask,
  context: ContextSetup,
  setup: EvaluatorSetup,
  print: OutputSink,
): Promise<Programs> {
  const { shelf } = setup;
  if (!shelf) return ProgramCrew.start(spec, context, setup, print);
  const { workers, retries } = setup.spec;
  const { optimizerId: _, ...common } = context;
  const key = JSON.stringify([spec, common, retries]);
  const kept = shelf.take(key);
  kept?.serve(context, print, workers);
  return new LentCrew(kept ?? (await ProgramCrew.start(spec, context, setup, print)), key, shelf);
}

/** Programs that serve one optimizer after the other. */
export class ProgramCrew implements Reusable, Programs {
  readonly #state: ProgramCrewState;
  readonly #crew: Crew<Job, EvaluationReply>;
  #print: (chunk: Uint8Array) => void = () => {};

  private constructor(spec: ProgramTask, context: ContextSetup, setup: EvaluatorSetup, print: OutputSink) {
    const { custody, clock } = setup;
    const { retries } = setup.spec;
    this.#state = {
      world: {
        spec,
        start: context,
        custody: custody && Custody.fromTicket(custody),
        clock,
        print: (chunk) => {
          this.#print(chunk);
        },
      },
      shifts: { context, retries, clock, ...(spec.residuals ? { residuals: spec.residuals } : {}) },
      wasReady: false,
      leaving: new Set(),
    };
    this.#crew = new Crew((listener) => new ProgramMember(this.#state, listener), {
      close: async () => {
        await Promise.all(this.#state.leaving);
      },
    });
    this.#print = printFor(context, print);
  }

  /** @throws {CodedError} `task-load-failed` */
  static async start(...setup: Parameters<typeof programCrew>): Promise<ProgramCrew> {
    const crew = new ProgramCrew(...setup);
    await crew.#crew.start(setup[2].spec.workers);
    return crew;
  }

  /** For whom they work from now on, and how many of them. */
  serve(context: ContextSetup, print: OutputSink, workers: number): void {
    this.#state.shifts = { ...this.#state.shifts, context };
    this.#print = printFor(context, print);
    this.#crew.resize(workers);
  }

  get isIdle(): boolean {
    return this.#crew.isIdle;
  }

  get failure(): Error | undefined {
    return this.#crew.failure;
  }

  run(...chunk: Parameters<Executor<Job, EvaluationReply>['run']>): Promise<void> {
    return this.#crew.run(...chunk);
  }

  busySince(jobs: readonly Job[]): number | undefined {
    return this.#crew.busySince(jobs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#crew[Symbol.asyncDispose]();
  }
}

function printFor({ optimizerId }: ContextSetup, print: OutputSink): (chunk: Uint8Array) => void {
  return (chunk) => {
    print(optimizerId, 'err', chunk);
  };
}

/** Workers that go back to where they came from. */
class LentCrew implements Programs {
  readonly #crew: ProgramCrew;
  readonly #key: string;
  readonly #shelf: ProgramShelf<ProgramCrew>;
  #end: Promise<void> | undefined;

  constructor(crew: ProgramCrew, key: string, shelf: ProgramShelf<ProgramCrew>) {
    this.#crew = crew;
    this.#key = key;
    this.#shelf = shelf;
  }

  get failure(): Error | undefined {
    return this.#crew.failure;
  }

  run(...chunk: Parameters<Executor<Job, EvaluationReply>['run']>): Promise<void> {
    return this.#crew.run(...chunk);
  }

  busySince(jobs: readonly Job[]): number | undefined {
    return this.#crew.busySince(jobs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#end ??= this.#shelf.put(this.#key, this.#crew);
    return this.#end;
  }
}

/**
 * Starts a worker to see whether it gets ready, and ends it.
 *
 * @param names of the parameters, as far as they are known
 * @returns what is wrong, in one line; `undefined` when nothing is
 */
export async function probeProgram(spec: WorkerSpec, names: readonly string[]): Promise<string | undefined> {
  await using custody = await Custody.start();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const talk = new ProgramTalk(
    {
      spec,
      start: { names, seed: 0, wantsGradient: false },
      custody,
      clock: systemClock,
      print: () => {},
    },
    {
      ready: () => {
        resolve(undefined);
      },
      replies: () => 'it answered before it was asked for anything',
      goOn: () => {},
      failing: () => {},
      gone: ({ cause }) => {
        resolve(`${spec.label} did not get ready: ${cause}`);
      },
    },
  );
  const fault = await promise;
  talk.leave();
  await talk.exited;
  return fault;
}
