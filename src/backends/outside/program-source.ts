import type { Clock } from '../../core/clock.ts';
import { CodedError, type GlompoErrorCode } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Answer, Candidate, OptimizerSnapshot, StopReason } from '../../optimizers/contract.ts';
import type { Elsewhere, Fault, PointSource } from '../point-source.ts';
import {
  type FromProgram,
  pointFault,
  PROGRAM_PROTOCOL,
  type ReadyMessage,
  type StartMessage,
} from './messages.ts';
import { type LinkCommand, type LinkListener, ProgramLink } from './program-link.ts';
import { Patience } from './patience.ts';
import { readProgramSnapshot, type Saved, writeProgramSnapshot } from './program-snapshot.ts';
import type { Custody } from '../../processes/custody.ts';

/** How a program is started, and what it is told then. */
export interface ProgramSetup {
  /** The name of the optimizer in the configuration. */
  readonly type: string;
  readonly command: LinkCommand;
  readonly custody?: Custody | undefined;
  readonly start: Omit<StartMessage, 'type' | 'protocol' | 'next' | 'state'>;
  readonly patienceSeconds: number;
  readonly clock: Clock;
  readonly print: LinkListener['print'];
}

/** An optimizer in a process of its own: it announces points when it likes, is told of them, and says when it is done. */
export class ProgramSource implements PointSource, Elsewhere {
  readonly type: string;
  readonly dimension: number;
  readonly elsewhere: Elsewhere = this;
  inject?: (x: Float64Array, fx: number) => void;
  onNews: () => void = () => {};
  readonly #setup: ProgramSetup;
  #link: ProgramLink | undefined;
  #ready: ReadyMessage | undefined;
  /** Announced, and not asked for yet. */
  #inbox: Candidate[] = [];
  /** The id of the last point that it announced. */
  #announced = 0;
  /** How many of its points it was not told of. */
  #untold = 0;
  /** Nothing was said to it but that it may start. */
  #isFresh = true;
  #stop: StopReason | undefined;
  #fault: Fault | undefined;
  #restored: Saved | undefined;
  #snapshot: 'none' | 'awaited' | { readonly state: Json } = 'none';
  #isKilled = false;
  readonly #patience: Patience;
  #wake: () => void = () => {};

  constructor(setup: ProgramSetup) {
    this.#setup = setup;
    this.type = setup.type;
    this.dimension = setup.start.dimension;
    const { patienceSeconds, clock } = setup;
    this.#patience = new Patience(clock, patienceSeconds, () => {
      this.#fail(`said nothing for ${patienceSeconds} s (patienceSeconds)`);
    });
  }

  get version(): number {
    return this.#ready?.version ?? 0;
  }

  get batchSize(): number {
    return this.#ready?.batchSize ?? 1;
  }

  get uses(): readonly ('residuals' | 'gradient')[] {
    return this.#ready?.uses ?? [];
  }

  get stopReason(): StopReason | undefined {
    return this.#inbox.length === 0 ? this.#stop : undefined;
  }

  get fault(): Fault | undefined {
    return this.#fault;
  }

  get isHeld(): boolean {
    return this.#snapshot !== 'none' && this.#fault === undefined;
  }

  get isThinking(): boolean {
    return !this.#stop && !this.#fault && (this.#untold === 0 || this.#ready?.async === true);
  }

  /** @throws {CodedError} `program-failed` when it does not get ready */
  async open(): Promise<void> {
    const { command, custody, print, start } = this.#setup;
    if (this.#isKilled) throw this.#failure('was ended before it began');
    this.#link = new ProgramLink(command, custody, {
      message: (message) => {
        this.#receive(message);
      },
      garbage: (what) => {
        this.#fail(`sent ${what}`);
      },
      exit: (cause, { startFault }) => {
        if (this.#stop) return;
        const [name = ''] = command.argv;
        const fault = startFault?.includes('ENOENT')
          ? `${name} was not found ${name.includes('/') ? '' : 'on PATH '}(${startFault})`
          : startFault;
        this.#fail(fault === undefined ? `is gone: ${cause}` : `cannot be started: ${fault}`, true);
      },
      print,
    });
    this.#link.send({
      ...start,
      type: 'start',
      protocol: PROGRAM_PROTOCOL,
      next: this.#announced + 1,
      ...(this.#restored ? { state: this.#restored.state } : {}),
    });
    this.#await();
    await this.#until(() => this.#ready !== undefined);
  }

  async until(count: number): Promise<void> {
    await this.#until(() => this.#inbox.length >= count || !this.isThinking);
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#fault) throw this.#fault.error;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  ask(limit: number): readonly Candidate[] {
    const asked = this.#inbox.splice(0, limit);
    if (asked.length > 0) this.#isFresh = false;
    return asked;
  }

  tell(answers: readonly Answer[]): void {
    this.#isFresh = false;
    this.#untold -= answers.length;
    this.#link?.send({
      type: 'tell',
      answers: answers.map(({ id, fx, violation, residuals, gradient }) => ({
        id,
        fx: Number.isNaN(fx) ? null : fx,
        ...(violation ? { violation } : {}),
        ...(residuals ? { residuals: [...residuals] } : {}),
        ...(gradient ? { gradient: [...gradient] } : {}),
      })),
    });
    this.#await();
  }

  #show(x: Float64Array, fx: number): void {
    this.#isFresh = false;
    this.#link?.send({ type: 'inject', x: [...x], fx });
  }

  #receive(message: FromProgram): void {
    if (this.#fault || this.#stop) return;
    if (!this.#ready && message.type !== 'ready' && message.type !== 'error') {
      this.#fail(`sent ${message.type} before it was ready`);
      return;
    }
    switch (message.type) {
      case 'ready':
        this.#beReady(message);
        break;
      case 'evaluate':
        this.#announce(message.points);
        break;
      case 'snapshot':
        if (this.#snapshot === 'awaited') this.#snapshot = { state: message.state };
        break;
      case 'done':
        if (!this.isThinking) this.#fail('said that it is done before it was told of all its points');
        else this.#stop = { kind: message.kind, detail: message.detail };
        break;
      case 'error':
        this.#fail(`failed: ${message.message}`);
        break;
    }
    if (!this.#fault) this.#await();
    this.#news();
  }

  #beReady(ready: ReadyMessage): void {
    if (this.#ready) this.#fail('sent ready twice');
    else if (ready.protocol !== PROGRAM_PROTOCOL)
      this.#fail(
        `speaks protocol ${ready.protocol} of optimizers, and this glompo speaks ${PROGRAM_PROTOCOL}`,
      );
    else if (ready.async && this.#setup.start.reproducible)
      this.#fail(
        'announces points while others are evaluated (async), which a reproducible run does not allow',
      );
    else if (this.#restored && !ready.snapshot)
      this.#fail('has no snapshots, and was given one to go on from');
    else {
      this.#ready = ready;
      if (ready.inject)
        this.inject = (x, fx) => {
          this.#show(x, fx);
        };
      if (ready.name !== undefined) this.#setup.print('err', Buffer.from(`${ready.name}\n`));
    }
  }

  #announce(points: Extract<FromProgram, { readonly type: 'evaluate' }>['points']): void {
    if (!this.isThinking) {
      this.#fail('sent evaluate before it was told of all its points, and is not async');
      return;
    }
    for (const { id, x } of points) {
      const fault = pointFault(id, x, this.#announced + 1, this.dimension);
      if (fault !== undefined) {
        this.#fail(`sent evaluate with ${fault}`);
        return;
      }
      this.#announced = id;
      this.#untold++;
      this.#inbox.push({ id, x: Float64Array.from(x) });
    }
  }

  /** Starts to wait for it, when it is its turn. */
  #await(): void {
    const isTurn = !this.#ready || (this.isThinking && this.#untold === 0);
    this.#patience.note((isTurn && !this.#stop) || this.#snapshot === 'awaited');
  }

  #fail(what: string, isDeath = false): void {
    if (this.#fault || this.#isKilled) return;
    this.#fault = { error: this.#failure(what), isDeath: isDeath && this.#ready !== undefined };
    this.#patience.note(false);
    this.#news();
  }

  #failure(what: string, code: GlompoErrorCode = 'program-failed'): CodedError {
    return new CodedError(code, `the program of ${this.type} ${what}`);
  }

  #news(): void {
    this.#wake();
    this.onNews();
  }

  prepare(): boolean {
    if (this.#isFresh || !this.#ready?.snapshot || this.#fault) return true;
    if (this.#snapshot === 'none') {
      this.#snapshot = 'awaited';
      this.#link?.send({ type: 'snapshot' });
      this.#await();
    }
    return this.#snapshot !== 'awaited';
  }

  release(): void {
    this.#snapshot = 'none';
  }

  snapshot(): OptimizerSnapshot {
    const { type, version, dimension } = this;
    const facts = { type, version, dimension };
    if (this.#isFresh && this.#inbox.length === this.#untold)
      return writeProgramSnapshot(facts, { state: null, announced: 0, inbox: [], untold: 0 });
    if (typeof this.#snapshot !== 'object') throw this.#failure('has no snapshots', 'snapshot-invalid');
    const { state } = this.#snapshot;
    this.release();
    // There may be something to go on with.
    this.onNews();
    return writeProgramSnapshot(facts, {
      state,
      announced: this.#announced,
      inbox: this.#inbox,
      untold: this.#untold,
    });
  }

  restore(snapshot: OptimizerSnapshot): void {
    const saved = readProgramSnapshot(snapshot, this.type, this.dimension);
    // It is as it was before it began: it begins.
    if (saved.state === null) return;
    this.#restored = saved;
    this.#isFresh = false;
    this.#announced = saved.announced;
    this.#untold = saved.untold;
    this.#inbox = [...saved.inbox];
  }

  kill(): void {
    this.#fail('was ended');
    this.#isKilled = true;
    this.#patience.note(false);
    this.#link?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isKilled = true;
    this.#patience.note(false);
    await this.#link?.[Symbol.asyncDispose]();
  }
}
