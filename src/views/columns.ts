/** The columns of a table of evaluations, besides those of parameters and extras. */
export type OwnColumn =
  | 'call_id'
  | 'optimizer_id'
  | 'optimizer_type'
  | 'candidate_id'
  | 'fx'
  | 'status'
  | 'counted'
  | 'violation'
  | 'started_at'
  | 'duration_ms'
  | 'attempts'
  | 'worker'
  | 'error';

const OWN: Readonly<Record<OwnColumn, true>> = {
  call_id: true,
  optimizer_id: true,
  optimizer_type: true,
  candidate_id: true,
  fx: true,
  status: true,
  counted: true,
  violation: true,
  started_at: true,
  duration_ms: true,
  attempts: true,
  worker: true,
  error: true,
};

const PARAMETER = 'x.';
const EXTRA = 'extras.';

export function isOwnColumn(name: string): name is OwnColumn {
  return Object.hasOwn(OWN, name);
}

/**
 * A parameter's column has its name, after `x.` where that could be another column's. Names that begin with `x.` get it too, so
 * that no two parameters ever share a column, and a parameter's column depends on nothing but its name.
 */
export function parameterColumn(name: string): string {
  return needsPrefix(name) ? PARAMETER + name : name;
}

/** The parameter whose column it is. */
export function parameterOf(column: string): string {
  const name = column.slice(PARAMETER.length);
  return column.startsWith(PARAMETER) && needsPrefix(name) ? name : column;
}

function needsPrefix(name: string): boolean {
  return isOwnColumn(name) || name.startsWith(PARAMETER) || name.startsWith(EXTRA);
}

export function extraColumn(name: string): string {
  return EXTRA + name;
}

/** The name among the extras whose column it is; nothing for other columns. */
export function extraOf(column: string): string | undefined {
  return column.startsWith(EXTRA) ? column.slice(EXTRA.length) : undefined;
}
