import type { PoolBackend } from '../../src/pool.ts';
import { hasServer } from '../backends/cluster/support.ts';

if (!hasServer) console.warn('no nats-server here: pools on a cluster are not tested');

/** Those that have workers. */
export const KINDS: readonly Exclude<PoolBackend, 'inline'>[] = [
  'threads',
  'processes',
  ...(hasServer ? (['cluster'] as const) : []),
];

export const BACKENDS: readonly PoolBackend[] = ['inline', ...KINDS];
