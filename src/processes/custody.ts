import { cgroupOf, killCgroup, makeCgroup, removeCgroup } from './cgroup.ts';
import {
  contain,
  type Command,
  type ContainmentChoice,
  detectContainment,
  type FoundContainment,
  resolveContainment,
} from './containment.ts';
import { type Environment, newCookie, withCookie } from './cookie.ts';
import { identityOf, isProcUsable, type ProcessIdentity } from './proc.ts';
import { RunRecord } from './record.ts';
import { Supervisor } from './supervisor.ts';
import type { SweepTarget } from './members.ts';
import { GatheredSweep } from './gathered-sweep.ts';
import { killNow, sweep } from './sweep.ts';

export interface CustodyOptions {
  /** @default auto */
  readonly containment?: ContainmentChoice;
  /** Where `processes.json` is kept for later commands. @default nowhere */
  readonly runDir?: string;
  /** Where the supervisor writes what it had to do. @default nowhere */
  readonly logFile?: string;
  /** Called when the supervisor was lost and replaced. */
  readonly onSupervisorLost?: (message: string) => void;
}

/** What another thread or process needs to start processes of the same run. Plain data. */
export interface CustodyTicket {
  readonly cookie: string;
  readonly found: FoundContainment;
  readonly containment: ContainmentChoice;
}

/** How to start a child so that it is kept track of. `detached`: Ctrl-C at the terminal is the manager's to answer. */
export interface WardCommand extends Command {
  readonly env: Environment;
  readonly detached: boolean;
}

/**
 * Where all processes of a run are started from, so that none outlives it: gives each its cookies, its containment and a group of its
 * own, and keeps the supervisor and the run directory informed. The manager has one; threads and child processes that start
 * processes themselves have one by `fromTicket`.
 */
export class Custody implements AsyncDisposable {
  readonly cookie: string;
  readonly supervisor: Supervisor | undefined;
  /** What `containment` came to on this machine. */
  readonly containment: 'none' | 'pid-namespace' | 'cgroup';
  readonly #found: FoundContainment;
  readonly #record: RunRecord | undefined;
  readonly #cgroup: string | undefined;
  readonly #ended = new Set<Promise<void>>();
  readonly #gathered = new GatheredSweep();

  private constructor(
    ticket: CustodyTicket,
    options: (CustodyOptions & { readonly isRoot: true }) | { readonly isRoot: false },
  ) {
    this.cookie = ticket.cookie;
    this.#found = ticket.found;
    this.containment = resolveContainment(ticket.containment, ticket.found);
    if (this.containment === 'cgroup') this.#cgroup = cgroupOf(ticket.found.cgroupParent!, ticket.cookie);
    if (!options.isRoot) return;
    const { runDir, logFile, onSupervisorLost } = options;
    if (runDir !== undefined) this.#record = new RunRecord(runDir, this.cookie, this.#cgroup);
    this.supervisor = Supervisor.start({
      cookie: this.cookie,
      cgroup: this.#cgroup,
      logFile,
      onLost: onSupervisorLost,
    });
  }

  /** @throws {CodedError} `usage` when the containment asked for is not available here */
  static async start(options: CustodyOptions = {}): Promise<Custody> {
    const { containment = 'auto' } = options;
    const ticket = { cookie: newCookie(), found: await detectContainment(), containment };
    return new Custody(ticket, { ...options, isRoot: true });
  }

  /** In a thread or a child process of the run. What it starts is known by cookies, and dies with the thread that starts it. */
  static fromTicket(ticket: CustodyTicket): Custody {
    return new Custody(ticket, { isRoot: false });
  }

  /**
   * @param inside who gets it: a `thread` of this process; or a `host` that was started by `ward`, which is contained already and
   *   contains its children with it
   */
  ticket(inside: 'thread' | 'host'): CustodyTicket {
    if (inside === 'thread')
      return { cookie: this.cookie, found: this.#found, containment: this.containment };
    // The end of a host ends its namespace: its children need no signal of their own, which would cost each two programs more.
    const pdeathsig = this.#found.pdeathsig && this.containment !== 'pid-namespace';
    return { cookie: this.cookie, found: { ...this.#found, pdeathsig }, containment: 'none' };
  }

  /** An environment with the run's cookie: for a worker thread, so that what a task in it starts is known. */
  mark(env: Environment): Environment {
    return withCookie(env, this.cookie);
  }

  /**
   * A child about to be started.
   *
   * @param env what it is to get besides the cookies, in full; an allow-list of variables is applied before
   */
  ward(command: Command, env: Environment = process.env): Ward {
    const cookie = newCookie();
    const cgroup = this.#cgroup === undefined ? undefined : makeCgroup(this.#cgroup, cookie);
    const contained = contain(command, { containment: this.containment, found: this.#found, cgroup });
    return new Ward(
      {
        ...contained,
        env: withCookie(withCookie(env, this.cookie), cookie),
        detached: process.platform !== 'win32',
      },
      { cookie, cgroup, isNamespace: this.containment === 'pid-namespace' },
      {
        note: (leader) => {
          this.#record?.note(leader);
          this.supervisor?.note(leader);
        },
        forget: (pid) => {
          this.#record?.forget(pid);
          this.supervisor?.forget(pid);
        },
        track: (end) => {
          this.#ended.add(end);
          void end.then(() => this.#ended.delete(end));
        },
        sweepSoon: (target) => this.#gathered.add(target),
      },
    );
  }

  /** When the run has ended all that it started: waits until the supervisor found nothing left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#gathered.flush();
    await Promise.all(this.#ended);
    await this.supervisor?.[Symbol.asyncDispose]();
    this.#record?.[Symbol.dispose]();
  }
}

interface WardFacts {
  readonly cookie: string;
  readonly cgroup: string | undefined;
  /** Whether it runs in a pid namespace of its own. */
  readonly isNamespace: boolean;
}

interface Keeper {
  note(leader: ProcessIdentity): void;
  forget(pid: number): void;
  track(end: Promise<void>): void;
  /** Resolves when nothing of it is left. */
  sweepSoon(target: SweepTarget): Promise<void>;
}

/** One child with all that comes from it, known by a cookie of its own within the run's. */
export class Ward {
  readonly command: WardCommand;
  readonly #cookie: string;
  readonly #cgroup: string | undefined;
  readonly #isNamespace: boolean;
  readonly #keeper: Keeper;
  #end: Promise<void> | undefined;
  #leader: ProcessIdentity | undefined;

  /** @internal By `Custody.ward` only. */
  constructor(command: WardCommand, { cookie, cgroup, isNamespace }: WardFacts, keeper: Keeper) {
    this.command = command;
    this.#cookie = cookie;
    this.#cgroup = cgroup;
    this.#isNamespace = isNamespace;
    this.#keeper = keeper;
  }

  /** To be called in the same turn in which it was started. */
  started(pid: number | undefined): void {
    this.#leader = pid === undefined ? undefined : identityOf(pid);
    if (this.#leader) this.#keeper.note(this.#leader);
  }

  /** SIGKILL to the child and to all that come from it, before this returns. */
  kill(): void {
    if (this.#cgroup !== undefined) killCgroup(this.#cgroup);
    try {
      if (isProcUsable()) killNow(this.#target());
    } catch {
      // No file descriptors, for example: what is left is swept when the child has ended.
    }
  }

  /** SIGTERM to the child and to all that come from it, after `graceMs` SIGKILL. Resolves when nothing is left. */
  async stop(graceMs: number): Promise<void> {
    try {
      if (isProcUsable()) await sweep(this.#target(), { graceMs });
    } catch {
      this.kill();
    }
  }

  /**
   * To be called when the child has ended: ends what it left behind, and lets go of its pid. A second call waits for the same end.
   *
   * @param wasKilled it ended by a signal. By itself, with a pid namespace, it ended with all that was in there, and no look is needed
   * @param when `soon`: together with others that end about now, for many children of short lives
   */
  ended(wasKilled = true, when: 'now' | 'soon' = 'now'): Promise<void> {
    if (!this.#end) {
      this.#end = this.#clear(wasKilled || !this.#isNamespace, when);
      this.#keeper.track(this.#end);
    }
    return this.#end;
  }

  async #clear(mayHaveLeft: boolean, when: 'now' | 'soon'): Promise<void> {
    try {
      if (mayHaveLeft && isProcUsable())
        await (when === 'now'
          ? sweep(this.#target(), { graceMs: 0 })
          : this.#keeper.sweepSoon(this.#target()));
    } catch {
      // Kept in mind, and left to the supervisor.
      return;
    }
    if (this.#cgroup !== undefined) {
      killCgroup(this.#cgroup);
      await removeCgroup(this.#cgroup);
    }
    if (this.#leader) this.#keeper.forget(this.#leader.pid);
  }

  #target(): SweepTarget {
    return { cookies: [this.#cookie], leaders: this.#leader ? [this.#leader] : [] };
  }
}
