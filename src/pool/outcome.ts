import type { Settled } from '../backends/pool/contract.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import type { Call, Reply } from './contract.ts';
import { revived, withCaller } from './failure.ts';
import { fromSendable } from './values.ts';

/** What came of one call. */
export interface Outcome {
  readonly index: number;
  readonly result: PromiseSettledResult<unknown>;
}

/** What messages about a call need to know of its map. */
interface OfMap {
  readonly timeoutMs: number;
  /** The lines of the stack of who asked for it. */
  readonly callerStack: string;
}

type FaultCode = 'call-lost' | 'call-timed-out' | 'function-unusable';

/** What came of a call, also where that cannot be read: nothing else could tell of it. */
export function resultOf(settled: Settled<Call, Reply>, map: OfMap): PromiseSettledResult<unknown> {
  try {
    return readResult(settled, map);
  } catch (error) {
    const message = `what call ${settled.item.index} gave cannot be read: ${messageOf(error)}`;
    return { status: 'rejected', reason: new TypeError(message, { cause: error }) };
  }
}

function readResult(settled: Settled<Call, Reply>, map: OfMap): PromiseSettledResult<unknown> {
  const { item, attempts } = settled;
  const failed = (code: FaultCode, message: string): PromiseRejectedResult => ({
    status: 'rejected',
    reason: faultOf(code, message, map),
  });
  switch (settled.kind) {
    case 'lost': {
      const times = attempts > 1 ? `, ${attempts} times` : '';
      return failed('call-lost', `call ${item.index} was lost${times}: ${settled.cause}`);
    }
    case 'timed-out':
      return failed('call-timed-out', `call ${item.index} took longer than timeoutMs, ${map.timeoutMs} ms`);
    case 'replied': {
      const { reply } = settled;
      if (reply.kind === 'returned') return { status: 'fulfilled', value: fromSendable(reply.value) };
      if (reply.kind === 'threw')
        return { status: 'rejected', reason: revived(reply.error, map.callerStack) };
      return failed('function-unusable', reply.message);
    }
  }
}

/** An error whose stack goes on where the pool was called. */
export function faultOf(code: FaultCode, message: string, { callerStack }: OfMap): CodedError {
  const error = new CodedError(code, message);
  error.stack = withCaller(`${error.name}: ${message}`, callerStack);
  return error;
}
