/** How parameters and results are exchanged as Dakota's fork interface does: two files, named by the last two arguments. */
export interface DakotaFiles {
  readonly format: 'standard' | 'aprepro' | 'json';
  readonly resultsFormat: 'standard' | 'json';
  readonly parametersFile: string;
  readonly resultsFile: string;
  /** Whether both names end in the number of the evaluation: `params.in.7`. */
  readonly fileTag: boolean;
  /** Of the response: the first is the value, or all are residuals. */
  readonly responses: readonly string[];
}
