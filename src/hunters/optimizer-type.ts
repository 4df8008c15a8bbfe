import { options } from '../core/options.ts';
import type { Hunter, HunterComponent } from './contract.ts';

/** Written as `optimizer-type: [cma-es, nelder-mead]`. */
export interface OptimizerTypeOptions {
  readonly types: readonly string[];
}

/**
 * The victim is of one of these types. Within `all`, it gives each type of optimizer hunters of its own.
 *
 * @remarks GloMPO's TypeHunter takes a single type.
 */
export const optimizerType: HunterComponent<OptimizerTypeOptions> = {
  name: 'optimizer-type',
  summary: 'it is of one of these types; within all, this gives types hunters of their own',
  options: options(
    {
      types: {
        description: 'names of optimizer types',
        type: 'array',
        items: { description: 'an optimizer type, such as cma-es', type: 'string', minLength: 1 },
        minItems: 1,
      },
    },
    ['types'],
  ),
  create({ types }): Hunter {
    return {
      name: optimizerType.name,
      examine({ victim }) {
        const holds = types.includes(victim.type);
        return { holds, detail: `${victim.type} is ${holds ? '' : 'not '}one of ${types.join(', ')}` };
      },
    };
  },
};
