import { CodedError } from '../../core/errors.ts';
import type { ContextSetup } from '../../tasks/context.ts';
import type { WorkerSpec } from '../../tasks/contract.ts';
import type { OutputSink } from '../hosts/output.ts';
import type { Executor } from '../pool/contract.ts';
import type { EvaluationReply } from './chunk.ts';
import type { EvaluatorSetup, Job } from './contract.ts';

/** Evaluates chunks in programs that stay up and speak lines of JSON. */
export async function programCrew(
  spec: WorkerSpec,
  _context: ContextSetup,
  _setup: EvaluatorSetup,
  _print: OutputSink,
): Promise<Executor<Job, EvaluationReply>> {
  throw new CodedError('internal', `not written yet: ${spec.label}`);
}
