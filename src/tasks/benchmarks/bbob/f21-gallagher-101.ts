import type { BbobFunction } from './contract.ts';
import { gallagher } from './gallagher.ts';

/**
 * f21: 101 peaks of random places and shapes, see `gallagher`.
 *
 * @see Hansen et al. (2009), RR-6829, function 21
 */
export const f21: BbobFunction = {
  id: 21,
  title: 'Gallagher, 101 peaks',
  create: (draws) => gallagher(draws, { count: 101, condition: Math.sqrt(1000), width: 10 }),
};
