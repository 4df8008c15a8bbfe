import type { Optimizer, OptimizerComponent, OptimizerContext } from '../contract.ts';
import { Staged } from '../staged.ts';
import type { Method, SearchSetup } from './contract.ts';
import {
  resolveTrustRegion,
  trustRegionFault,
  type TrustRegionOptions,
  trustRegionSchema,
} from './options.ts';
import { TrustRegionSearch } from './search.ts';

const VERSION = 2;

/** What tells one trust-region optimizer from another. */
interface TrustRegionKind {
  readonly name: string;
  readonly summary: string;
  /** The default of the option. */
  readonly maxRestarts: number;
  /** When it begins once more, continuing "How often it begins once more about its best point …". */
  readonly restart: string;
  readonly uses?: Optimizer['uses'];
  method(this: void, dimension: number, steps: OptimizerContext['steps']): Method;
}

/** An optimizer that searches with models of some kind in a trust region. */
export function trustRegion(kind: TrustRegionKind): OptimizerComponent<TrustRegionOptions> {
  const { name, summary, maxRestarts, restart, uses, method } = kind;
  return {
    name,
    summary,
    options: trustRegionSchema(maxRestarts, restart),
    fault: trustRegionFault,
    create(options, { dimension, start, steps, random }) {
      const setup: SearchSetup = {
        dimension,
        start,
        method: method(dimension, steps),
        options: resolveTrustRegion(options, maxRestarts),
      };
      return new Staged({
        type: name,
        version: VERSION,
        dimension,
        batchSize: 1,
        ...(uses ? { uses } : {}),
        random,
        create: (stream) => new TrustRegionSearch(setup, stream),
        load: (reader, stream) => TrustRegionSearch.load(reader, setup, stream),
      });
    },
  };
}
