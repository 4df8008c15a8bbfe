import { f01 } from './f01-sphere.ts';
import { f02 } from './f02-ellipsoid.ts';
import { f03 } from './f03-rastrigin.ts';
import { f04 } from './f04-bueche-rastrigin.ts';
import { f05 } from './f05-linear-slope.ts';
import { f06 } from './f06-attractive-sector.ts';
import { f07 } from './f07-step-ellipsoid.ts';
import { f08 } from './f08-rosenbrock.ts';
import { f09 } from './f09-rosenbrock-rotated.ts';
import { f10 } from './f10-ellipsoid-rotated.ts';
import { f11 } from './f11-discus.ts';
import { f12 } from './f12-bent-cigar.ts';
import { f13 } from './f13-sharp-ridge.ts';
import { f14 } from './f14-different-powers.ts';
import { f15 } from './f15-rastrigin-rotated.ts';
import { f16 } from './f16-weierstrass.ts';
import { f17 } from './f17-schaffers.ts';
import { f18 } from './f18-schaffers-ill-conditioned.ts';
import { f19 } from './f19-griewank-rosenbrock.ts';
import { f20 } from './f20-schwefel.ts';
import { f21 } from './f21-gallagher-101.ts';
import { f22 } from './f22-gallagher-21.ts';
import { f23 } from './f23-katsuura.ts';
import { f24 } from './f24-lunacek-bi-rastrigin.ts';
import type { BbobFunction } from './contract.ts';
import { Draws } from './draws.ts';

/** All 24, by number from 1 on at index 0. */
export const bbobFunctions: readonly BbobFunction[] = [
  f01,
  f02,
  f03,
  f04,
  f05,
  f06,
  f07,
  f08,
  f09,
  f10,
  f11,
  f12,
  f13,
  f14,
  f15,
  f16,
  f17,
  f18,
  f19,
  f20,
  f21,
  f22,
  f23,
  f24,
];

/** One instance: its problem, and the value at its minimum. */
export function bbobProblem(
  id: number,
  dimension: number,
  instance: number,
): { readonly problem: ReturnType<BbobFunction['create']>; readonly fopt: number } {
  const { drawsOf, create } = bbobFunctions[id - 1]!;
  const draws = new Draws(drawsOf ?? id, dimension, instance);
  return { problem: create(draws), fopt: draws.fopt };
}
