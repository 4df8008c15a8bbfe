import { type Observable, Subject } from 'rxjs';
import type { Clock } from '../core/clock.ts';
import type { RunLog } from '../log/contract.ts';
import type { ManagerEvent } from './events.ts';

type Told<Event extends ManagerEvent> = Event extends ManagerEvent
  ? Pick<Event, 'kind' | 'type' | 'data' | 'message'> & {
      readonly optimizerId?: number;
      readonly callId?: number;
    }
  : never;

/** Writes what happens into the log, and tells whoever listens. */
export class Chronicle {
  readonly #log: RunLog;
  readonly #clock: Clock;
  readonly #events = new Subject<ManagerEvent>();
  readonly #countCalls: () => number;

  /** @param countCalls the last call id that is in the log */
  constructor(log: RunLog, clock: Clock, countCalls: () => number) {
    this.#log = log;
    this.#clock = clock;
    this.#countCalls = countCalls;
  }

  /** The last call id that is in the log. */
  get lastCall(): number {
    return this.#countCalls();
  }

  get events$(): Observable<ManagerEvent> {
    return this.#events.asObservable();
  }

  tell(event: Told<ManagerEvent>): void {
    const whole = this.#complete(event);
    this.#log.event(whole);
    this.#events.next(whole);
  }

  /** Tells what the log holds already in another form. */
  announce(event: Told<ManagerEvent>): void {
    if (this.#events.observed) this.#events.next(this.#complete(event));
  }

  #complete(event: Told<ManagerEvent>): ManagerEvent {
    return { callId: this.lastCall, optimizerId: null, ...event, at: this.#clock.now() };
  }

  complete(): void {
    this.#events.complete();
  }
}
