import type { Clock } from '../core/clock.ts';
import type { Json } from '../core/json.ts';
import type { RunLog } from '../log/contract.ts';
import type { ResourceFigures, UtilisationFigures } from '../log/figures.ts';
import { VitalsHistory } from './vitals-history.ts';

const EVERY_MS = 10_000;

/**
 * Logs every few seconds how well the slots are used and what the run takes of the machine, for those who look at the log of a live run.
 */
export class Vitals implements Disposable {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #log: RunLog;
  readonly #utilisation: () => UtilisationFigures | undefined;
  readonly #measure: () => Promise<ResourceFigures>;
  readonly #timers: readonly NodeJS.Timeout[];
  #latest: ResourceFigures | undefined;
  readonly #history: VitalsHistory;
  #peakBytes = 0;
  #isOver = false;

  constructor(
    log: RunLog,
    utilisation: () => UtilisationFigures | undefined,
    measure: () => Promise<ResourceFigures>,
    clock: Pick<Clock, 'now'>,
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#utilisation = utilisation;
    this.#measure = measure;
    this.#history = new VitalsHistory(log.facts()['vitals']);
    const take = (): void => void this.#take();
    // The first sample is what the next is compared with; a short run has no other.
    this.#timers = [setTimeout(take, 500).unref(), setInterval(take, EVERY_MS).unref()];
  }

  /** The latest sample. */
  get resources(): ResourceFigures | undefined {
    return this.#latest;
  }

  async #take(): Promise<void> {
    const resources = await this.#measure();
    if (this.#isOver) return;
    this.#latest = resources;
    this.#peakBytes = Math.max(this.#peakBytes, resources.memoryBytes);
    const utilisation = this.#utilisation();
    // Evaluations count at their ends: before the first, nothing is known of it, and 0 % would stand there until the next sample.
    const isKnown = utilisation !== undefined && utilisation.share > 0;
    try {
      this.#log.set({
        resources: { ...resources, peakMemoryBytes: this.#peakBytes },
        vitals: this.#history.add(this.#clock.now(), resources),
        ...(isKnown ? { utilisation: utilisation as unknown as Json } : {}),
      });
    } catch {
      // The log itself failed, which ends the run elsewhere.
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    // Either kind.
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
