/**
 * The constants of one CMA-ES, all derived from the dimension and the population size.
 *
 * @see Hansen (2016), The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, table 1, eqs. 49-58
 */
export interface Parameters {
  readonly dimension: number;
  readonly lambda: number;
  /** How many of the weights are positive. */
  readonly mu: number;
  /** One a rank, best first, not increasing; the positive ones sum to 1, the negative ones learn what to avoid. */
  readonly weights: Float64Array;
  /** Variance effective selection mass of the positive weights. */
  readonly muEff: number;
  /** Learning rate and damping of the step size. */
  readonly cSigma: number;
  readonly dSigma: number;
  /** Learning rates of the path of C and of the rank-one and rank-mu updates of C. */
  readonly cC: number;
  readonly c1: number;
  readonly cMu: number;
  /** Expected length of a standard normal vector. */
  readonly chiN: number;
  /** Generations between two decompositions of C. */
  readonly decompositionGap: number;
  /** Generations between two looks at its principal axes: in so many it has changed altogether. */
  readonly axesGap: number;
  /** C is kept diagonal, and learned faster. */
  readonly isDiagonal: boolean;
}

export function defaultPopulationSize(dimension: number): number {
  return 4 + Math.floor(3 * Math.log(dimension)); // eq. 48
}

/** Generations that "recently" means in the stop criteria: tutorial, section B.3. */
export function recentGenerations(dimension: number, lambda: number): number {
  return 10 + Math.ceil((30 * dimension) / lambda);
}

/** @param lambda the population size, >= 2 */
export function parametersFor(dimension: number, lambda: number, isDiagonal = false): Parameters {
  const n = dimension;
  const raw = Float64Array.from({ length: lambda }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1)); // eq. 49
  const mu = raw.filter((weight) => weight > 0).length;
  const muEff = effectiveMass(raw.subarray(0, mu));

  const cSigma = (muEff + 2) / (n + muEff + 5); // eq. 55
  const dSigma = 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma; // eq. 55
  const cC = (4 + muEff / n) / (n + 4 + (2 * muEff) / n); // eq. 56
  // eq. 57; the first factor, which is 1 from lambda = 6 on, is pycma's: very few samples carry too little information.
  // A diagonal C has n numbers to learn and not n (n + 1) / 2: Ros and Hansen (2008), section 3.
  const speed = isDiagonal ? (n + 2) / 3 : 1;
  const c1 = Math.min(0.5, (speed * Math.min(1, lambda / 6) * 2) / ((n + 1.3) ** 2 + muEff));
  const cMu = Math.min(1 - c1, (speed * 2 * (0.25 + muEff + 1 / muEff - 2)) / ((n + 2) ** 2 + muEff)); // eq. 58

  return {
    dimension,
    lambda,
    mu,
    weights: normalizedWeights(raw, mu, n, muEff, c1, cMu),
    muEff,
    cSigma,
    dSigma,
    cC,
    c1,
    cMu,
    chiN: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
    // The tutorial's section B.2 has 10 for this 2, which is Hansen's own choice in purecma and costs no evaluations.
    decompositionGap: isDiagonal ? 1 : Math.max(1, Math.floor(1 / (2 * n * (c1 + cMu)))),
    axesGap: isDiagonal ? n : Math.ceil(1 / (c1 + cMu)),
    isDiagonal,
  };
}

/** (sum of w)^2 / sum of w^2; 0 for no weights. */
export function effectiveMass(weights: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}

function total(weights: Float64Array): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

function normalizedWeights(
  raw: Float64Array,
  mu: number,
  n: number,
  muEff: number,
  c1: number,
  cMu: number,
): Float64Array {
  const positive = total(raw.subarray(0, mu));
  const negative = -total(raw.subarray(mu));
  const negativeMass = Math.min(
    1 + c1 / cMu, // eq. 50: no decay of C
    1 + (2 * effectiveMass(raw.subarray(mu))) / (muEff + 2), // eq. 51: as noisy as the positive weights at most
    (1 - c1 - cMu) / (n * cMu), // eq. 52: C stays positive definite
  );
  return raw.map((weight) => (weight > 0 ? weight / positive : (weight * negativeMass) / negative)); // eq. 53
}
