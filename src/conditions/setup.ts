/** What a condition is given when it is made. */
export interface ConditionSetup {
  /** Where it stands in the configuration: `hunters.any[0].all[1].value-annealing`. */
  readonly path: string;
  /** A draw, uniform in [0, 1), that depends on the seed, `path` and the two numbers alone: call id and optimizer id. */
  draw(callId: number, optimizerId: number): number;
}
