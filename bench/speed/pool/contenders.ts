import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../harness/managed-run.ts';

const file = path.join(root, 'bench/tasks/pool-functions.js');

/** Where the functions are that all pools are asked to call. */
export const functions: URL = pathToFileURL(file);

/** A pool that is open, whoever made it. */
export interface Contender extends AsyncDisposable {
  /** Whether it sends several quick calls to a worker at once. */
  readonly hasChunks: boolean;
  /** Calls one of `functions` on all inputs, handed in at once. */
  map(name: 'nap' | 'same', inputs: readonly unknown[]): Promise<readonly unknown[]>;
}

type Open = (workers: number) => Promise<Contender>;

/** Others are called as their documentation has it: once an input, all without waiting for each other. */
export const OTHERS: Readonly<Record<string, Open>> = {
  'piscina, threads': piscina,
  'tinypool, threads': async (workers) => await tinypool('worker_threads', workers),
  'tinypool, processes': async (workers) => await tinypool('child_process', workers),
  'workerpool, threads': async (workers) => await workerpool('thread', workers),
  'workerpool, processes': async (workers) => await workerpool('process', workers),
};

/** The pool as it is built: what is measured is what users have. */
export async function glompo(
  backend: 'threads' | 'processes',
  how: 'map' | 'imap' | 'imapUnordered',
  workers: number,
): Promise<Contender> {
  const { fromModule, Pool } = await import('glompo/pool');
  const pool = new Pool({ backend, workers });
  return {
    hasChunks: true,
    map: async (name, inputs) => {
      const f = fromModule<(x: unknown) => unknown>(functions, name);
      if (how === 'map') return await pool.map(f, inputs);
      const found: unknown[] = [];
      if (how === 'imap') for await (const value of pool.imap(f, inputs)) found.push(value);
      else for await (const [index, value] of pool.imapUnordered(f, inputs)) found[index] = value;
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      await pool[Symbol.asyncDispose]();
    },
  };
}

async function piscina(workers: number): Promise<Contender> {
  const { Piscina } = await import('piscina');
  return running(
    new Piscina({ filename: file, minThreads: workers, maxThreads: workers, maxQueue: Infinity }),
  );
}

async function tinypool(runtime: 'worker_threads' | 'child_process', workers: number): Promise<Contender> {
  const { default: Tinypool } = await import('tinypool');
  return running(new Tinypool({ filename: file, runtime, minThreads: workers, maxThreads: workers }));
}

/** Both are called alike. */
function running(pool: {
  run(x: unknown, options: { name: string }): Promise<unknown>;
  destroy(): Promise<void>;
}): Contender {
  return {
    hasChunks: false,
    map: async (name, inputs) => await Promise.all(inputs.map(async (x) => await pool.run(x, { name }))),
    [Symbol.asyncDispose]: async () => {
      await pool.destroy();
    },
  };
}

async function workerpool(workerType: 'thread' | 'process', workers: number): Promise<Contender> {
  const { pool: open } = await import('workerpool');
  const pool = open(path.join(root, 'bench/tasks/workerpool-entry.js'), {
    workerType,
    minWorkers: workers,
    maxWorkers: workers,
    maxQueueSize: Infinity,
  });
  return {
    hasChunks: false,
    map: async (name, inputs) => await Promise.all(inputs.map(async (x) => await pool.exec(name, [x]))),
    [Symbol.asyncDispose]: async () => {
      await pool.terminate();
    },
  };
}

/** Has all workers start, and all that they need loaded. */
export async function warmUp(pool: Contender, workers: number): Promise<void> {
  for (let round = 0; round < 2; round++) await pool.map('nap', Array(2 * workers).fill(20));
}
