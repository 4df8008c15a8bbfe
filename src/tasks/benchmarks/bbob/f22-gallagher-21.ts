import type { BbobFunction } from './contract.ts';
import { gallagher } from './gallagher.ts';

/**
 * f22: 21 peaks, the highest of condition 1000, see `gallagher`.
 *
 * @see Hansen et al. (2009), RR-6829, function 22
 */
export const f22: BbobFunction = {
  id: 22,
  title: 'Gallagher, 21 peaks',
  create: (draws) => gallagher(draws, { count: 21, condition: 1000, width: 9.8 }),
};
