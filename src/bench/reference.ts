import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError, describe, messageOf } from '../core/errors.ts';
import type { Entrant, Solved } from './results.ts';
import { TARGETS } from './targets.ts';

/**
 * Reads results that another program had, as
 * `{ about, budgetPerDimension, rows: [[function, dimension, instance, best, evaluations, [hit or null, …]], …] }`, with `suite` where
 * it is not bbob.
 *
 * @throws {CodedError} `usage` with what is wrong
 */
export function readReference(file: string): Entrant & { readonly suite: string } {
  const refuse = (what: string): never => {
    throw new CodedError(
      'usage',
      `${file} is no reference file: ${what}; docs/bench.md says what one looks like`,
    );
  };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse(messageOf(error));
  }
  if (typeof value !== 'object' || value === null)
    return refuse(`expected an object, got ${describe(value)}`);
  const { about, budgetPerDimension, rows, suite = 'bbob' } = value as Readonly<Record<string, unknown>>;
  if (typeof about !== 'string') return refuse(`about: expected a text, got ${describe(about)}`);
  if (typeof suite !== 'string') return refuse(`suite: expected a text, got ${describe(suite)}`);
  if (!isCount(budgetPerDimension))
    return refuse(`budgetPerDimension: expected a whole number, got ${describe(budgetPerDimension)}`);
  if (!Array.isArray(rows) || rows.length === 0)
    return refuse(`rows: expected a list of rows, got ${describe(rows)}`);
  const runs = rows.map((row, i) => readRow(row) ?? refuse(`rows[${i}]: ${faultOf(row)}`));
  return {
    name: path.basename(file, path.extname(file)),
    about,
    isReference: true,
    suite,
    budget: { perDimension: budgetPerDimension },
    runs,
  };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

function readRow(row: unknown): Solved | undefined {
  if (!Array.isArray(row) || row.length !== 6) return undefined;
  const [name, dimension, instance, , evaluations, hits] = row as readonly unknown[];
  const isNamed = typeof name === 'string' || isCount(name);
  if (!isNamed || !isCount(dimension) || !Number.isInteger(instance) || !isCount(evaluations))
    return undefined;
  if (!isHits(hits)) return undefined;
  return { function: String(name), dimension, instance: instance as number, evaluations, hits };
}

/** A harder target is never reached before an easier one. */
function isHits(value: unknown): value is readonly (number | null)[] {
  if (!Array.isArray(value) || value.length !== TARGETS.length) return false;
  let last = 1;
  return value.every((hit: unknown) => {
    if (hit === null) {
      last = Infinity;
      return true;
    }
    const fits = isCount(hit) && hit >= last;
    last = Number(hit);
    return fits;
  });
}

function faultOf(row: unknown): string {
  if (!Array.isArray(row) || row.length !== 6)
    return 'expected [function, dimension, instance, best, evaluations, hits]';
  return isHits(row[5])
    ? 'expected a name or number, and three whole numbers for dimension, instance and evaluations'
    : `expected ${TARGETS.length} hits, one a target, each an evaluation no earlier than the one before, then null`;
}
