import { loadavg } from 'node:os';
import { Members } from './members.ts';
import { type Usage, usageOf } from './usage.ts';

/** What a run takes of the machine at one moment, its manager and all its processes together. */
export interface Resources {
  readonly processes: number;
  /** Processor time per time, in cores: 1.5 is one and a half. Since the sample before, or since each process started. */
  readonly cores: number;
  /** Resident memory in bytes; pages that processes share are counted for each. */
  readonly memoryBytes: number;
  /** Load of the machine over the last minute: how many processes want to run. */
  readonly load: number;
}

/** Measures the processes of one run, again and again. */
export class ResourceMeter {
  readonly #members: Members;
  readonly #pid: number;
  /** Of each process when it was last seen. */
  #used = new Map<number, Usage>();

  /**
   * @param pid of the manager
   * @param cookie of the run, by which its processes are known
   */
  constructor(pid: number, cookie: string | undefined) {
    this.#pid = pid;
    this.#members = new Members({ cookies: cookie === undefined ? [] : [cookie] });
  }

  async measure(): Promise<Resources> {
    const isSupported = process.platform === 'linux';
    const pids = new Set([this.#pid, ...(isSupported ? this.#members.find().map(({ pid }) => pid) : [])]);
    let processes = 0;
    let cores = 0;
    let memoryBytes = 0;
    const before = this.#used;
    this.#used = new Map();
    // One by one: one that ended in between must not spoil the others.
    for (const pid of pids) {
      const used = await usageOf(pid);
      if (!used) continue;
      processes++;
      // Of a process that was not seen before, since it started.
      const last = before.get(pid) ?? { ctime: 0, elapsed: 0 };
      const ms = used.elapsed - last.elapsed;
      if (ms > 0) cores += Math.max(0, used.ctime - last.ctime) / ms;
      this.#used.set(pid, used);
      memoryBytes += used.memory;
    }
    return { processes, cores, memoryBytes, load: loadavg()[0] ?? 0 };
  }
}
