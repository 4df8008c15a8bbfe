import { options, type OptionsSchema } from '../../core/options.ts';

/** `cache`. */
export const cacheSchema: OptionsSchema = options({
  tolerance: {
    description:
      'how near a known point must be to count as the same, as a part of the range of every parameter; 0: the same value, bit for bit',
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: 0,
  },
  charge: { description: 'does a known point use the budget as others do?', type: 'boolean', default: false },
  maxHitsInARow: {
    description: 'so many known points in a row, without one that has to be evaluated, end an optimizer',
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
    default: 100,
  },
});
