import { describe, expect, it } from 'vitest';
import { WorkerLostError } from '../../../src/backends/pool/contract.ts';
import { Crew } from '../../../src/backends/pool/crew.ts';
import type { Member, MemberListener } from '../../../src/backends/pool/member.ts';

/** A worker that does what it is told to say. */
class Puppet implements Member<number> {
  readonly listener: MemberListener<number>;
  readonly taken: (readonly number[])[] = [];
  isEnded = false;

  constructor(listener: MemberListener<number>) {
    this.listener = listener;
    listener.ready();
  }

  take(items: readonly number[]): void {
    this.taken.push(items);
  }

  busySince(): undefined {
    return undefined;
  }

  async end(): Promise<void> {
    this.isEnded = true;
  }
}

async function crewOf(workers: number): Promise<{ crew: Crew<number, number>; puppets: Puppet[] }> {
  const puppets: Puppet[] = [];
  const crew = new Crew<number, number>((listener) => {
    // As with real workers, nothing is told before it is there.
    const late = {
      ...listener,
      ready: () => {
        queueMicrotask(() => {
          listener.ready();
        });
      },
    };
    const puppet = new Puppet(late);
    puppets.push(puppet);
    return puppet;
  });
  await crew.start(workers);
  return { crew, puppets };
}

const never = new AbortController().signal;
const nothing = (): void => {};
const turn = async (): Promise<void> => {
  await new Promise(setImmediate);
};

describe('a crew', () => {
  it('gives nothing more to a worker that is being ended, though it replies once more', async () => {
    const { crew, puppets } = await crewOf(1);
    const abort = new AbortController();
    const first = crew.run([1], nothing, abort.signal);
    await turn();
    abort.abort();
    expect(puppets[0]!.isEnded).toBe(true);
    puppets[0]!.listener.replied(1);
    await first;
    const second = crew.run([2], nothing, never);
    await turn();
    expect(puppets[0]!.taken).toEqual([[1]]);
    puppets[0]!.listener.gone(new WorkerLostError('ended', true));
    await turn();
    expect(puppets[1]!.taken).toEqual([[2]]);
    puppets[1]!.listener.replied(2);
    await second;
  });

  it('replaces a worker that a chunk cannot be sent to, and tells of it', async () => {
    const { crew, puppets } = await crewOf(1);
    puppets[0]!.take = () => {
      throw new Error('could not be cloned');
    };
    const sent = crew.run([1], nothing, never);
    await expect(sent).rejects.toThrow('it could not be sent to a worker: could not be cloned');
    expect(puppets[0]!.isEnded).toBe(true);
    const next = crew.run([2], nothing, never);
    await turn();
    puppets[1]!.listener.replied(2);
    await next;
  });

  it('ends no worker for a chunk that was given up before one took it', async () => {
    const { crew, puppets } = await crewOf(1);
    const first = crew.run([1], nothing, never);
    const abort = new AbortController();
    const second = crew.run([2], nothing, abort.signal);
    const fault = second.catch((error: unknown) => error);
    await turn();
    abort.abort();
    puppets[0]!.listener.replied(1);
    await first;
    expect(await fault).toMatchObject({ isBlameless: true });
    const third = crew.run([3], nothing, never);
    await turn();
    expect(puppets).toHaveLength(1);
    expect(puppets[0]!.isEnded).toBe(false);
    puppets[0]!.listener.replied(3);
    await third;
    expect(puppets[0]!.taken).toEqual([[1], [3]]);
  });
});
