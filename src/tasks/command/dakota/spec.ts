/** How parameters and results are exchanged as Dakota's fork interface does: two files, named by the last two arguments. */
export interface DakotaFiles {
  readonly format: 'standard' | 'aprepro' | 'json';
  readonly resultsFormat: 'standard' | 'json';
  readonly parametersFile: string;
  readonly resultsFile: string;
  /** Whether both names end in the number of the evaluation: `params.in.7`. */
  readonly fileTag: boolean;
  /** Labels of the response functions, in their order: the first is the value, others are logged beside it; or all are residuals. */
  readonly responses: readonly string[];
  readonly isCalibration: boolean;
  /** Labels of inequality constraints, which come after the responses: feasible are values <= 0. */
  readonly constraints: readonly string[];
  /** Whether the driver writes gradients when they are asked for. */
  readonly gradients: boolean;
  /** Labels of numbers at the end of the results, logged beside the value. */
  readonly metadata: readonly string[];
}
