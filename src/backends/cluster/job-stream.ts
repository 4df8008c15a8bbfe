import { CodedError } from '../../core/errors.ts';
import type { Engine } from './engine.ts';
import { CONSUMER, type JobAddress, type RunNames } from './names.ts';

/** A worker that has not said for so long that it is still at a job is taken for dead: another one gets the job. */
export const ACK_WAIT_MS = 5000;
/** After so many workers nobody gets it any more. */
export const MOST_DELIVERIES = 3;
/** The manager has far fewer jobs in there: should it ever lose count, the engine refuses more. */
const MOST_JOBS = 100_000;
/** Above the number of workers that wait for jobs, and of jobs that are being done. */
const MOST_WAITING = 65_536;
const PUBLISH_MS = 2000;
const NANOS_IN_MS = 1e6;
/** Of JetStream's API. */
const STREAM_NOT_FOUND = 10_059;

/**
 * The jobs of a run that are in the engine: a work queue in its memory, from which every job goes to one worker at a time until a worker
 * says that it is done. It is gone when the engine is started again: then a new one is made, of another name.
 */
export class JobStream {
  readonly name: string;
  readonly #engine: Engine;
  readonly #names: RunNames;

  private constructor(name: string, engine: Engine, names: RunNames) {
    this.name = name;
    this.#engine = engine;
    this.#names = names;
  }

  /**
   * In the place of all that the run had before: what an earlier session left is not done any more.
   *
   * @throws {CodedError} `engine-unusable` when the engine refuses it
   */
  static async make(engine: Engine, names: RunNames, epoch: number): Promise<JobStream> {
    const { streams } = engine.streams;
    // Somebody may keep all that is said in the engine: such a stream is listed as well, and not ours.
    const others: string[] = [];
    for await (const old of streams.names(names.jobs))
      if (names.isStream(old)) await streams.delete(old);
      else others.push(old);
    const name = names.newStream(epoch);
    try {
      await JobStream.#add(engine, names, name);
    } catch (error) {
      throw refused(error, engine.place, others) ?? error;
    }
    return new JobStream(name, engine, names);
  }

  static async #add(engine: Engine, names: RunNames, name: string): Promise<void> {
    const { streams, consumers } = engine.streams;
    await streams.add({
      name,
      subjects: [names.jobs],
      storage: 'memory',
      retention: 'workqueue',
      discard: 'new',
      max_msgs: MOST_JOBS,
    });
    await consumers.add(name, {
      durable_name: CONSUMER,
      ack_policy: 'explicit',
      ack_wait: ACK_WAIT_MS * NANOS_IN_MS,
      max_deliver: MOST_DELIVERIES,
      max_waiting: MOST_WAITING,
      max_ack_pending: MOST_WAITING,
    });
  }

  /** Where the engine tells of jobs that it gives to nobody any more. */
  get gaveUp(): string {
    return `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${this.name}.${CONSUMER}`;
  }

  /**
   * @param sending a number that is raised when the job goes in once more. With the same one it is in there once, however often this is
   *   called: whether it arrived is not known when the connection breaks
   * @returns its number in there
   */
  async put(address: JobAddress, sending: number, payload: Uint8Array): Promise<number> {
    const { seq } = await this.#engine.jetstream.publish(this.#names.job(address), payload, {
      msgID: `${address.job}.${sending}`,
      timeout: PUBLISH_MS,
    });
    return seq;
  }

  /** By its number: nats-server 2.9 gives out nothing any more after a purge of a subject. One that is not there any more is fine. */
  async remove(seq: number): Promise<void> {
    // Its bytes need not be overwritten, they are in memory.
    await this.#engine.streams.streams.deleteMessage(this.name, seq, false).catch(() => {});
  }

  /**
   * How many jobs are in there.
   *
   * @returns undefined when it is gone, or nothing can be taken from it
   * @throws when the engine does not answer
   */
  async held(): Promise<number | undefined> {
    try {
      const { state } = await this.#engine.streams.streams.info(this.name);
      return state.consumer_count > 0 ? state.messages : undefined;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === STREAM_NOT_FOUND) return undefined;
      throw error;
    }
  }

  /** @returns number of the last job in there that was given away */
  async given(): Promise<number> {
    const { delivered } = await this.#engine.streams.consumers.info(this.name, CONSUMER);
    return delivered.stream_seq;
  }

  async end(): Promise<void> {
    await this.#engine.streams.streams.delete(this.name);
  }
}

/** Whether the engine was there and said no. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'JetStreamApiError';
}

/** @returns nothing when it was not the engine that said no */
function refused(error: unknown, place: string, others: readonly string[]): CodedError | undefined {
  if (!isRefusal(error)) return undefined;
  const remedy =
    others.length > 0
      ? `What runs say is kept by other streams there: ${others.join(', ')}. Have them leave out \`glompo.>\`, or use another account`
      : 'See what streams its account may have, and how large, in memory';
  return new CodedError(
    'engine-unusable',
    `the engine at ${place} takes no stream for the jobs of this run: ${error.message}. ${remedy}`,
    { cause: error },
  );
}
