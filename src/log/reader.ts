import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { CodedError, messageOf } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { OptimizerStatus } from './contract.ts';
import { fromBytes } from './float64.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema.ts';

/** The log's file in a run directory. */
export const LOG_FILE = 'run.sqlite';

export interface OptimizerSummary {
  readonly optimizerId: number;
  readonly type: string;
  readonly workers: number;
  readonly status: OptimizerStatus;
  readonly reason: string | null;
  readonly evaluations: number;
  /** How many of them have no value. */
  readonly failed: number;
  readonly bestFx: number | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** A whole run in a few figures, from its log alone. */
export interface RunSummary {
  /** `crashed`: its log says running, but the process that wrote it is gone. */
  readonly state: 'running' | 'finished' | 'failed' | 'crashed';
  readonly evaluations: number;
  readonly best: {
    readonly fx: number;
    readonly x: Float64Array;
    readonly callId: number;
    readonly optimizerId: number;
  } | null;
  readonly names: readonly string[];
  readonly optimizers: readonly OptimizerSummary[];
  readonly facts: Readonly<Record<string, Json>>;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** Reads a run log, live or finished, from any process. Nothing in it is ever executed. */
export class LogReader implements Disposable {
  readonly #db: Database.Database;

  /** @throws {CodedError} `log-unusable` when there is none or it is not a log of glompo that this version knows */
  constructor(directory: string) {
    this.#db = openDatabase(path.join(directory, LOG_FILE));
  }

  facts(): Readonly<Record<string, Json>> {
    const rows = this.#db.prepare<[], { key: string; value: string }>('SELECT key, value FROM run').all();
    return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as Json]));
  }

  summary(): RunSummary {
    return this.#db.transaction(() => {
      const facts = this.facts();
      const optimizers = this.#optimizers();
      const { evaluations } = this.#db
        .prepare<[], { evaluations: number }>(
          'SELECT coalesce(max(call_id), 0) AS evaluations FROM evaluations',
        )
        .get()!;
      return {
        state: stateOf(facts),
        evaluations,
        best: this.#best(),
        names: Array.isArray(facts['names']) ? facts['names'].map(String) : [],
        optimizers,
        facts,
        startedAt: Number(facts['startedAt']),
        endedAt: typeof facts['endedAt'] === 'number' ? facts['endedAt'] : null,
      };
    })();
  }

  #optimizers(): readonly OptimizerSummary[] {
    return this.#db
      .prepare<[], OptimizerSummary>(
        `SELECT optimizer_id AS optimizerId, type, workers, status, reason, evaluations, failed, best_fx AS bestFx,
           started_at AS startedAt, ended_at AS endedAt FROM optimizers ORDER BY optimizer_id`,
      )
      .all();
  }

  #best(): RunSummary['best'] {
    const row = this.#db
      .prepare<[], { callId: number; optimizerId: number; fx: number; x: Buffer }>(
        `SELECT call_id AS callId, e.optimizer_id AS optimizerId, fx, x
         FROM optimizers o JOIN evaluations e ON e.call_id = o.best_call_id
         ORDER BY best_violation, best_fx, best_call_id LIMIT 1`,
      )
      .get();
    return row ? { ...row, x: fromBytes(row.x) } : null;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

/** Whether a run directory holds a run whose manager lives. An unreadable log is not live. */
export function isLive(directory: string): boolean {
  try {
    using reader = new LogReader(directory);
    return stateOf(reader.facts()) === 'running';
  } catch {
    return false;
  }
}

function openDatabase(file: string): Database.Database {
  if (!existsSync(file)) throw new CodedError('log-unusable', `there is no run log at ${file}`);
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true });
    const application = db.pragma('application_id', { simple: true });
    if (application !== APPLICATION_ID) throw new Error('it is a SQLite file, but not a run log of glompo');
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > SCHEMA_VERSION)
      throw new Error(
        `it has schema version ${version}; this glompo knows up to ${SCHEMA_VERSION}, use a newer one`,
      );
    return db;
  } catch (error) {
    db?.close();
    throw new CodedError('log-unusable', `cannot read the run log ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function stateOf(facts: Readonly<Record<string, Json>>): RunSummary['state'] {
  if (facts['status'] !== 'running') return facts['status'] === 'failed' ? 'failed' : 'finished';
  // Whether a process of another machine lives cannot be seen from here.
  if (facts['host'] !== hostname()) return 'running';
  return isAlive(Number(facts['managerPid'])) ? 'running' : 'crashed';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
