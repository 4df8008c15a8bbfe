import { systemClock } from '../../core/clock.ts';
import { Custody } from '../../processes/custody.ts';
import type { ContextSetup } from '../../tasks/context.ts';
import type { WorkerSpec } from '../../tasks/contract.ts';
import type { ResidualRule } from '../../tasks/residuals.ts';
import type { OutputSink } from '../hosts/output.ts';
import { Crew } from '../pool/crew.ts';
import type { EvaluationReply } from './chunk.ts';
import type { EvaluatorSetup, Job } from './contract.ts';
import { ProgramMember, type ProgramCrewState } from './program-member.ts';
import { ProgramTalk } from './program-talk.ts';

/** Evaluates chunks in programs that stay up and speak lines of JSON, see `docs/protocol.md`. */
export async function programCrew(
  spec: WorkerSpec & { readonly residuals?: readonly ResidualRule[] },
  context: ContextSetup,
  { spec: { workers, retries }, custody, clock }: EvaluatorSetup,
  print: OutputSink,
): Promise<Crew<Job, EvaluationReply>> {
  const { optimizerId } = context;
  const state: ProgramCrewState = {
    world: {
      spec,
      start: context,
      custody: custody && Custody.fromTicket(custody),
      clock,
      print: (chunk) => {
        print(optimizerId, 'err', chunk);
      },
    },
    shifts: { context, retries, clock, ...(spec.residuals ? { residuals: spec.residuals } : {}) },
    wasReady: false,
    leaving: new Set(),
  };
  const crew = new Crew<Job, EvaluationReply>(
    (listener) => new ProgramMember(state, listener),
    async () => {
      await Promise.all(state.leaving);
    },
  );
  await crew.start(workers);
  return crew;
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
      start: { names, seed: 0, optimizerId: 0, wantsGradient: false },
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
