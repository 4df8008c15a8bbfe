import type { DakotaFiles } from './spec.ts';

/** What a parameters file says of one evaluation. */
export interface DakotaRequest {
  readonly names: readonly string[];
  readonly x: ArrayLike<number>;
  readonly evaluation: number;
  readonly wantsGradient: boolean;
}

/** Bits of the active set vector: what is wanted of a response. */
const VALUE = 1;
const VALUE_AND_GRADIENT = 3;

/** Like Dakota's, with one digit more: 17 of them are what it takes to read the same number back. */
function scientific(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(16).split('e');
  return `${Object.is(value, -0) ? '-' : ''}${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/**
 * The text of a parameters file.
 *
 * @see Dakota User's Manual, "Dakota Parameters File Data Format"
 */
export function parametersText(files: DakotaFiles, request: DakotaRequest): string {
  return files.format === 'json' ? jsonText(files, request) : linesText(files, request);
}

function activeSet(files: DakotaFiles, { wantsGradient }: DakotaRequest): number {
  return wantsGradient && files.gradients && !files.isCalibration ? VALUE_AND_GRADIENT : VALUE;
}

/** The standard format and that for APREPRO have the same entries: `value tag`, `{ tag = value }`. */
function linesText(files: DakotaFiles, request: DakotaRequest): string {
  const { names, x, evaluation } = request;
  const { metadata } = files;
  const labels = [...files.responses, ...files.constraints];
  const active = activeSet(files, request);
  const isAprepro = files.format === 'aprepro';
  const entry = (standard: string, aprepro: string, value: string): string =>
    isAprepro
      ? `                    { ${aprepro.padEnd(15)} = ${value.padStart(23)} }`
      : `                     ${value.padStart(23)} ${standard}`;
  const count = (standard: string, aprepro: string, value: number): string =>
    entry(standard, aprepro, String(value));
  const same = (tag: string, value: string): string => entry(tag, tag, value);
  return [
    count('variables', 'DAKOTA_VARS', names.length),
    ...names.map((name, i) => same(name, scientific(x[i]!))),
    count('functions', 'DAKOTA_FNS', labels.length),
    ...labels.map((label, i) => same(`ASV_${i + 1}:${label}`, String(active))),
    count('derivative_variables', 'DAKOTA_DER_VARS', names.length),
    ...names.map((name, i) => same(`DVV_${i + 1}:${name}`, String(i + 1))),
    count('analysis_components', 'DAKOTA_AN_COMPS', 0),
    count('eval_id', 'DAKOTA_EVAL_ID', evaluation),
    count('metadata', 'DAKOTA_METADATA', metadata.length),
    ...metadata.map((label, i) => same(`MD_${i + 1}`, isAprepro ? `"${label}"` : label)),
    '',
  ].join('\n');
}

function jsonText(files: DakotaFiles, request: DakotaRequest): string {
  const { names, x, evaluation } = request;
  const active = activeSet(files, request);
  const text = JSON.stringify(
    {
      variables: names.map((label, i) => ({ label, value: x[i] })),
      responses: [...files.responses, ...files.constraints].map((label) => ({ label, active_set: active })),
      derivative_variables: names.map((_, i) => i + 1),
      analysis_components: [],
      eval_id: String(evaluation),
      metadata: files.metadata,
    },
    null,
    2,
  );
  return `${text}\n`;
}
