import type { ClusterConnection } from './contract.ts';
import { connectEngine } from './engine.ts';
import { decode } from './listen.ts';
import { namesOf } from './names.ts';
import { asBeatReply } from './shapes.ts';
import { type Beat, encode } from './talk.ts';

/** One that was killed is known to be gone at once, as a rule; who does not answer for so long is taken for gone. */
const ANSWER_MS = 3000;

/**
 * Whether somebody manages a run of this id in the engine at this moment.
 *
 * @throws {CodedError} `engine-unusable`
 */
export async function isManaged(connection: ClusterConnection, runId: string): Promise<boolean> {
  const { beat } = namesOf(runId);
  const { nats, close } = await connectEngine(connection, `glompo manager ${runId}`);
  // Whoever manages it answers that it does not know such a worker.
  const question: Beat = { id: 'nobody', epoch: 0, jobs: [] };
  try {
    const answer = await nats.request(beat, encode(question), { timeout: ANSWER_MS });
    return asBeatReply(decode(answer)) !== undefined;
  } catch {
    return false;
  } finally {
    await close();
  }
}
