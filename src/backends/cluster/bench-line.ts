import { clip } from '../../core/errors.ts';
import type { AgentOptions } from './contract.ts';
import { type Engine, mostBytesOf } from './engine.ts';
import type { RunNames } from './names.ts';
import type { Session } from './session.ts';
import { asReceipt } from './shapes.ts';
import type { BenchLine } from './workbench.ts';

/** An answer may be large, and the line slow. */
const DELIVER_MS = 5000;

/** What went wrong may be told with all that a program printed. */
const MOST_FAULT_LENGTH = 10_000;

/** A connection, and what goes over it. */
export interface Link {
  readonly engine: Engine;
  readonly names: RunNames;
  readonly session: Session;
}

interface LineOptions {
  /** Of the worker. */
  readonly id: string;
  readonly perform: AgentOptions['perform'];
  /** The connection of the moment, if there is one. */
  readonly link: () => Link | undefined;
  readonly say: (message: string) => void;
}

/** How what becomes of jobs is told, over whatever connection there is by then. */
export function benchLine({ id, perform, link, say }: LineOptions): BenchLine {
  const connected = (): Link => {
    const found = link();
    if (!found) throw new Error('there is no connection to the manager');
    return found;
  };
  const line: BenchLine = {
    perform,
    async deliver(work, answer) {
      const { engine, names, session } = connected();
      const most = mostBytesOf(engine);
      if (answer.length > most) {
        const message = `its answer of ${answer.length} bytes is more than the engine takes at once, ${most}: raise its max_payload`;
        await line.handBack(work, { message, isHopeless: true });
        return;
      }
      const subject = names.result({ ...work, worker: id });
      const receipt = await session.ask(subject, answer, asReceipt, DELIVER_MS);
      if (receipt === 'stale') say('an answer was of an earlier session of the run, and came too late');
    },
    async handBack({ epoch, job }, fault) {
      // A message that is too long for the engine would be told in vain again and again.
      const message = fault && clip(fault.message, MOST_FAULT_LENGTH);
      await connected().session.handBack({ epoch, job, fault: message, isHopeless: fault?.isHopeless });
    },
    acknowledge(reply, kind) {
      const nats = link()?.engine.nats;
      if (nats?.isClosed() === false) nats.publish(reply, kind === 'done' ? '+ACK' : '+WPI');
    },
    begun() {
      link()?.session.begun();
    },
  };
  return line;
}
