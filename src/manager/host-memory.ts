import { totalmem } from 'node:os';
import type { RunConfig } from '../config/run-config.ts';
import { Stopping } from './stopping.ts';

/** What one optimizer takes, measured with small tasks; what a task needs comes on top. */
const HOST_BYTES = { inline: 2 ** 20, threads: 15 * 2 ** 20, processes: 50 * 2 ** 20 } as const;

/** What this process and its children may take: all of the machine's memory, or what a container or a job of a cluster is given of it. */
export function memoryBytes(): number {
  // 0 where nothing limits it, or where it cannot be told; without a limit Linux says a number larger than any memory.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** What is to be said of a run in which more optimizers may run at once than there is memory for. */
export function memoryWarning(config: RunConfig, available: number = memoryBytes()): string | undefined {
  const { backend } = config.manager;
  const count = mostAtOnce(config);
  const what = backend === 'processes_forced' ? 'processes' : backend;
  const bytes = count * HOST_BYTES[what];
  if (bytes <= available) return undefined;
  return `up to ${count} optimizers may run at once, which take about ${amount(bytes)} as ${what}, and there are ${amount(available)} of memory: set a lower manager.maxJobs, or give each more workers`;
}

function mostAtOnce(config: RunConfig): number {
  const { use, spawn } = config.optimizers;
  let slots = config.manager.maxJobs;
  let count = 0;
  for (const { workers, maxStarts = Infinity } of use.toSorted((a, b) => a.workers - b.workers)) {
    const fit = Math.min(Math.floor(slots / workers), maxStarts);
    slots -= fit * workers;
    count += fit;
  }
  return Math.min(count, spawn.optimizers ?? Infinity, new Stopping(config).budget);
}

/** A number of bytes as people say it. */
export function amount(bytes: number): string {
  const [size, unit] =
    bytes >= 2 ** 30 ? [2 ** 30, 'GB'] : bytes >= 2 ** 20 ? [2 ** 20, 'MB'] : [2 ** 10, 'kB'];
  return `${Number((bytes / size).toPrecision(3))} ${unit}`;
}
