import type { FollowedEvent } from '../../log/follower.ts';
import type { Mark, MarkType } from './frame.ts';

const TYPES: ReadonlySet<string> = new Set<MarkType>([
  'checkpoint',
  'inject',
  'pause',
  'unpause',
  'resumed',
  'suspended',
  'host-crashed',
  'credits-lost',
  'stop',
  'stop-optimizer',
  'run-failed',
]);

/** What may happen at every call of a run of weeks. */
const OFTEN: ReadonlySet<string> = new Set<MarkType>([
  'checkpoint',
  'inject',
  'host-crashed',
  'credits-lost',
]);

/** Moments of a run that are drawn as marks, besides the starts and ends of optimizers. */
export class Marks {
  readonly #marks: Mark[] = [];
  readonly #revisions: number[] = [];
  /** Of each type, the call of its latest mark. */
  readonly #latest = new Map<string, number>();

  /** @param width how many calls are one column of the picture: what happens often is drawn once in it */
  add(event: FollowedEvent, time: number, width: number, revision: number): void {
    const { type, callId, optimizerId, message } = event;
    if (!TYPES.has(type)) return;
    const since = callId - (this.#latest.get(type) ?? -Infinity);
    if (OFTEN.has(type) && since < width) return;
    this.#latest.set(type, callId);
    this.#marks.push({ type: type as MarkType, call: callId, time, optimizer: optimizerId, message });
    this.#revisions.push(revision);
  }

  since(revision: number): { readonly from: number; readonly marks: readonly Mark[] } {
    const found = this.#revisions.findIndex((one) => one > revision);
    const from = found < 0 ? this.#marks.length : found;
    return { from, marks: this.#marks.slice(from) };
  }
}
