/** A function that an expression may call; `most` operands at most, without a limit when not given. */
export interface MathFunction {
  readonly least: number;
  readonly most?: number;
  readonly call: (...operands: readonly number[]) => number;
}

const one = (call: (operand: number) => number): MathFunction => ({
  least: 1,
  most: 1,
  call: (operand) => call(operand),
});

/** All there are. A map, not an object: `constructor` is no function here. */
export const FUNCTIONS: ReadonlyMap<string, MathFunction> = new Map([
  ['abs', one(Math.abs)],
  ['sqrt', one(Math.sqrt)],
  ['exp', one(Math.exp)],
  ['log', one(Math.log)],
  ['log10', one(Math.log10)],
  ['sin', one(Math.sin)],
  ['cos', one(Math.cos)],
  ['tan', one(Math.tan)],
  ['pow', { least: 2, most: 2, call: (base, exponent) => base ** exponent }],
  ['min', { least: 1, call: Math.min }],
  ['max', { least: 1, call: Math.max }],
]);

/** Names with a value of their own, where no parameter has that name. */
export const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
]);
