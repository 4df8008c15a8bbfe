import { clip } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { extraOf, isOwnColumn, type OwnColumn, parameterColumn, parameterOf } from '../columns.ts';
import { anyParameters, type ParameterRules } from './parameters.ts';

/** What a column holds. */
export type Role =
  | { readonly kind: 'own'; readonly name: OwnColumn }
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'extra'; readonly name: string }
  | { readonly kind: 'ignored' };

export interface Header {
  readonly rules: ParameterRules;
  /** One for each column. */
  readonly roles: readonly Role[];
}

const IGNORED: Role = { kind: 'ignored' };

/**
 * Says what each column of a table holds.
 *
 * @param given which parameters there are; when nothing, every column that can be none of the others is a parameter
 * @param tell takes what is wrong
 */
export function readHeader(
  columns: readonly string[],
  given: ParameterRules | undefined,
  tell: (mistake: string) => void,
): Header {
  const rules = given ?? anyParameters([...new Set(columns.filter(isParameter).map(parameterOf))]);
  const roles = columns.map((column) => roleOf(column, columns, rules));
  for (const [i, column] of columns.entries()) {
    if (columns.indexOf(column) < i) tell(`has the column ${shown(column)} twice`);
    else if (column === '' && !given) tell(`has a column without a name, its ${i + 1}th`);
  }
  const has = (wanted: (role: Role) => boolean): boolean => roles.some(wanted);
  const missing = [
    ...(has((role) => role.kind === 'own' && role.name === 'fx') ? [] : ['fx']),
    ...rules.names.filter(
      (name, index) =>
        !rules.mayLack(name) && !has((role) => role.kind === 'parameter' && role.index === index),
    ),
  ];
  const others = columns.filter((_, i) => roles[i] === IGNORED);
  for (const name of missing) {
    const near = nearest(name, others);
    tell(
      `has no column ${shown(name)}${near === undefined ? '' : `; did you mean ${shown(near)}?`} (it has ${clip(columns.map(shown).join(', '), 300)})`,
    );
  }
  if (rules.names.length === 0) tell('has no column of a parameter');
  return { rules, roles };
}

/** The role of a column that comes later, in a line of JSON; nothing for one that cannot be told from a mistake. */
export function lateRole(column: string, rules: ParameterRules, isGiven: boolean): Role | undefined {
  const role = roleOf(column, [], rules);
  return role !== IGNORED || isGiven ? role : undefined;
}

function isParameter(column: string): boolean {
  return !isOwnColumn(column) && extraOf(column) === undefined;
}

function roleOf(column: string, all: readonly string[], { names }: ParameterRules): Role {
  const index = names.findIndex((name) => column === parameterColumn(name));
  if (index >= 0) return { kind: 'parameter', index };
  if (isOwnColumn(column)) return { kind: 'own', name: column };
  const extra = extraOf(column);
  if (extra !== undefined) return { kind: 'extra', name: extra };
  // Other programs know nothing of `x.`.
  const plain = names.indexOf(column);
  return plain >= 0 && !all.includes(parameterColumn(column)) ? { kind: 'parameter', index: plain } : IGNORED;
}

function shown(name: string): string {
  return name === '' || /\p{Cc}/u.test(name) ? JSON.stringify(name) : name;
}
