/** y as a function of one predictor and the parameters b1, b2, …, which are at index 0, 1, …. */
export type Model = (x: number, b: Float64Array) => number;

/** c_0 + c_1 x + c_2 x² + …, the coefficients from `from` on. */
function polynomial(x: number, constant: number, b: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = to - 1; i >= from; i--) sum = (sum + b[i]!) * x;
  return sum + constant;
}

function wave(x: number, period: number, cosine: number, sine: number): number {
  const phase = (2 * Math.PI * x) / period;
  return cosine * Math.cos(phase) + sine * Math.sin(phase);
}

function bell(x: number, height: number, centre: number, width: number): number {
  return height * Math.exp(-((x - centre) ** 2) / width ** 2);
}

/** Each with its formula as NIST states it. */
export const models: Readonly<Record<string, Model>> = {
  /** b1 (1 - exp(-b2 x)) */
  BoxBOD: (x, b) => b[0]! * (1 - Math.exp(-b[1]! * x)),
  /** b1 x^b2 */
  DanWood: (x, b) => b[0]! * x ** b[1]!,
  /** b1/b2 exp(-((x - b3)/b2)²/2) */
  Eckerle4: (x, b) => (b[0]! / b[1]!) * Math.exp(-0.5 * ((x - b[2]!) / b[1]!) ** 2),
  /** b1 + b2 cos(2 pi x/12) + b3 sin(2 pi x/12) + b5 cos(2 pi x/b4) + b6 sin(2 pi x/b4) + b8 cos(2 pi x/b7) + b9 sin(2 pi x/b7) */
  ENSO: (x, b) =>
    b[0]! + wave(x, 12, b[1]!, b[2]!) + wave(x, b[3]!, b[4]!, b[5]!) + wave(x, b[6]!, b[7]!, b[8]!),
  /** b1 exp(-b2 x) + b3 exp(-(x - b4)²/b5²) + b6 exp(-(x - b7)²/b8²) */
  Gauss1: (x, b) =>
    b[0]! * Math.exp(-b[1]! * x) + bell(x, b[2]!, b[3]!, b[4]!) + bell(x, b[5]!, b[6]!, b[7]!),
  /** (b1 + b2 x + b3 x² + b4 x³)/(1 + b5 x + b6 x² + b7 x³) */
  Hahn1: (x, b) => polynomial(x, b[0]!, b, 1, 4) / polynomial(x, 1, b, 4, 7),
  /** (b1 + b2 x + b3 x²)/(1 + b4 x + b5 x²) */
  Kirby2: (x, b) => polynomial(x, b[0]!, b, 1, 3) / polynomial(x, 1, b, 3, 5),
  /** b1 (x² + b2 x)/(x² + b3 x + b4) */
  MGH09: (x, b) => (b[0]! * (x * x + x * b[1]!)) / (x * x + x * b[2]! + b[3]!),
  /** b1 exp(b2/(x + b3)) */
  MGH10: (x, b) => b[0]! * Math.exp(b[1]! / (x + b[2]!)),
  /** b1 (1 - exp(-b2 x)) */
  Misra1a: (x, b) => b[0]! * (1 - Math.exp(-b[1]! * x)),
  /** b1/(1 + exp(b2 - b3 x))^(1/b4) */
  Rat43: (x, b) => b[0]! / (1 + Math.exp(b[1]! - b[2]! * x)) ** (1 / b[3]!),
  /** (b1 + b2 x + b3 x² + b4 x³)/(1 + b5 x + b6 x² + b7 x³) */
  Thurber: (x, b) => polynomial(x, b[0]!, b, 1, 4) / polynomial(x, 1, b, 4, 7),
};
