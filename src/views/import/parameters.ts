/** What the points of an imported table must be like. */
export interface ParameterRules {
  readonly names: readonly string[];
  /** Whether a table may go without the parameter, whose value is then known from elsewhere. */
  mayLack(name: string): boolean;
  /**
   * Fills in what a row has not, and judges the rest.
   *
   * @param x in the order of `names`; `NaN` where the row has nothing. It is changed.
   * @returns what is wrong: `k: expected a number in [1, 10], got 12`
   */
  complete(x: Float64Array): readonly string[];
}

/** Any numbers do. */
export function anyParameters(names: readonly string[]): ParameterRules {
  return { names, mayLack: () => false, complete: () => [] };
}
