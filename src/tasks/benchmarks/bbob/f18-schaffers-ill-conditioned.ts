import type { BbobFunction } from './contract.ts';
import { schaffers } from './f17-schaffers.ts';

/**
 * f18: function 17 with z = Lambda^1000 Q T_asy^0.5(R (x - x_opt))
 *
 * @see Hansen et al. (2009), RR-6829, function 18
 */
export const f18: BbobFunction = {
  id: 18,
  title: 'ill-conditioned Schaffers F7',
  drawsOf: 17,
  create: (draws) => schaffers(draws, 1000),
};
