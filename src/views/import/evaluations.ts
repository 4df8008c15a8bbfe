import { describe } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { LoggedEvaluation } from '../../log/reader.ts';
import type { OwnColumn } from '../columns.ts';
import type { Cell } from '../export/table.ts';
import { lateRole, readHeader, type Role } from './header.ts';
import * as kinds from './kinds.ts';
import type { Mistakes } from './mistakes.ts';
import type { ParameterRules } from './parameters.ts';
import type { Source, SourceRow } from './source.ts';

const POSITIVE = kinds.integer(1);
/** 0 are the evaluations with which a run began, see `warmStart`. */
const OPTIMIZER = kinds.integer(0);
const ATTEMPTS = kinds.integer(0, 255);
const IGNORED: Role = { kind: 'ignored' };

/** Makes evaluations of the rows of a table, and gathers what is wrong with them. */
export class EvaluationReader {
  readonly #source: Source;
  readonly #mistakes: Mistakes;
  readonly #given: ParameterRules | undefined;
  #rules: ParameterRules | undefined;
  readonly #roles: Role[] = [];
  /** Where each column with a meaning of its own stands. */
  readonly #own = new Map<OwnColumn, number>();
  readonly #optimizers = new Map<number, { readonly type: string; lastCandidate: number }>();
  #row: SourceRow = { at: 0, cells: [] };
  #lastCall = 0;

  /** @param parameters which there must be; nothing: every column without a meaning of its own is one */
  constructor(source: Source, mistakes: Mistakes, parameters: ParameterRules | undefined) {
    this.#source = source;
    this.#mistakes = mistakes;
    this.#given = parameters;
  }

  /** The parameters' names, in the order of every `x`; known once a row has been read. */
  get names(): readonly string[] {
    return this.#rules?.names ?? [];
  }

  /** Columns without a meaning, beside the parameters that there must be. */
  get ignored(): readonly string[] {
    return this.#source.columns.filter((_, i) => this.#roles[i]?.kind === 'ignored');
  }

  /** @returns nothing for a row that could not be looked at; where something is wrong in it, the mistakes have grown */
  read(row: SourceRow): LoggedEvaluation | undefined {
    this.#row = row;
    this.readHeader();
    if (row.mistake !== undefined) {
      this.#tell(row.mistake);
      return undefined;
    }
    if (!this.#rules) return undefined;
    return {
      callId: this.#callId(),
      ...this.#optimizer(),
      x: this.#point(this.#rules),
      ...this.#value(),
      counted: this.#cell('counted', kinds.boolean) ?? true,
      startedAt: this.#cell('started_at', kinds.time) ?? 0,
      durationMs: this.#cell('duration_ms', kinds.notNegative) ?? 0,
      attempts: this.#cell('attempts', ATTEMPTS) ?? 1,
      worker: this.#cell('worker', kinds.text) ?? 'unknown',
      violation: this.#cell('violation', kinds.notNegative) || null,
      extras: this.#extras(),
    };
  }

  /** Looks at those columns that it has not seen yet; at least once, also when there are no rows. */
  readHeader(): void {
    const { columns } = this.#source;
    if (columns.length === this.#roles.length) return;
    if (!this.#rules) {
      const header = readHeader(columns, this.#given, (mistake) => {
        this.#mistakes.add(this.#source.file, mistake);
      });
      // What is in the rows cannot be told without it.
      this.#mistakes.throwIfAny();
      this.#rules = header.rules;
      for (const role of header.roles) this.#learn(role);
      return;
    }
    for (const column of columns.slice(this.#roles.length)) {
      const role = lateRole(column, this.#rules, this.#given !== undefined);
      if (!role) this.#tell(`${column}: unexpected, as the lines before have no such key`);
      this.#learn(role ?? IGNORED);
    }
  }

  #learn(role: Role): void {
    if (role.kind === 'own') this.#own.set(role.name, this.#roles.length);
    this.#roles.push(role);
  }

  #callId(): number {
    const callId = this.#cell('call_id', POSITIVE) ?? this.#lastCall + 1;
    if (callId <= this.#lastCall)
      this.#tell(
        `call_id: expected more than ${this.#lastCall}, which is before it, got ${callId}; rows go by call_id, each once`,
      );
    this.#lastCall = Math.max(this.#lastCall, callId);
    return callId;
  }

  #optimizer(): Pick<LoggedEvaluation, 'optimizerId' | 'optimizerType' | 'candidateId'> {
    const optimizerId = this.#cell('optimizer_id', OPTIMIZER) ?? 1;
    const type = this.#cell('optimizer_type', kinds.text);
    let optimizer = this.#optimizers.get(optimizerId);
    if (!optimizer) {
      optimizer = { type: type ?? 'imported', lastCandidate: 0 };
      this.#optimizers.set(optimizerId, optimizer);
    } else if (type !== undefined && type !== optimizer.type)
      this.#tell(
        `optimizer_type: expected ${describe(optimizer.type)}, as optimizer ${optimizerId} was before, got ${describe(type)}`,
      );
    const candidateId = this.#cell('candidate_id', POSITIVE) ?? optimizer.lastCandidate + 1;
    optimizer.lastCandidate = Math.max(optimizer.lastCandidate, candidateId);
    return { optimizerId, optimizerType: optimizer.type, candidateId };
  }

  #point(rules: ParameterRules): Float64Array {
    const before = this.#mistakes.count;
    const x = new Float64Array(rules.names.length).fill(NaN);
    for (const [i, role] of this.#roles.entries()) {
      if (role.kind !== 'parameter') continue;
      const name = rules.names[role.index]!;
      const value = this.#valueOf(this.#row.cells[i], name, kinds.finite);
      if (value !== undefined) x[role.index] = value;
      else if (isNothing(this.#row.cells[i]) && !rules.mayLack(name))
        this.#tell(`${name}: expected a finite number, there is nothing`);
    }
    if (this.#mistakes.count === before) for (const mistake of rules.complete(x)) this.#tell(mistake);
    return x;
  }

  #value(): Pick<LoggedEvaluation, 'fx' | 'status' | 'error'> {
    const before = this.#mistakes.count;
    const value = this.#cell('fx', kinds.number);
    const status = this.#cell('status', kinds.status);
    const error = this.#cell('error', kinds.text) ?? null;
    const fx = value !== undefined && Number.isFinite(value) ? value : null;
    const got = value ?? 'nothing';
    if (status === undefined)
      return fx === null
        ? { fx, status: 'failed', error: error ?? `imported: its value is ${got}` }
        : { fx, status: 'ok', error };
    if (this.#mistakes.count === before) {
      if (status === 'ok' && fx === null)
        this.#tell(`fx: expected a finite number with status ok, got ${got}`);
      if (status !== 'ok' && status !== 'censored' && fx !== null)
        this.#tell(`fx: expected nothing with status ${status}, got ${got}`);
    }
    return { fx, status, error };
  }

  #extras(): JsonObject | null {
    let extras: [string, JsonObject[string]][] | undefined;
    for (const [i, role] of this.#roles.entries()) {
      const cell = role.kind === 'extra' ? this.#row.cells[i] : undefined;
      if (role.kind !== 'extra' || cell === undefined) continue;
      extras ??= [];
      extras.push([role.name, cell === null ? null : kinds.extra.read(cell, this.#source.isText)!]);
    }
    return extras === undefined ? null : Object.fromEntries(extras);
  }

  #cell<Value>(name: OwnColumn, kind: kinds.CellKind<Value>): Value | undefined {
    const place = this.#own.get(name);
    return place === undefined ? undefined : this.#valueOf(this.#row.cells[place], name, kind);
  }

  #valueOf<Value>(cell: Cell, name: string, kind: kinds.CellKind<Value>): Value | undefined {
    if (isNothing(cell)) return undefined;
    const value = kind.read(cell, this.#source.isText);
    if (value === undefined) this.#tell(`${name}: expected ${kind.expected}, got ${describe(cell)}`);
    return value;
  }

  #tell(mistake: string): void {
    this.#mistakes.add(this.#source.place(this.#row.at), mistake);
  }
}

function isNothing(cell: Cell): cell is null | undefined {
  return cell === undefined || cell === null;
}
