import { existsSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { CodedError, messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { openReadOnly } from './read-only.ts';

/** Marks a SQLite file as the results of benchmarks: `GLMB`. */
const APPLICATION_ID = 0x474c4d42;
const SCHEMA_VERSION = 1;
const BENCH_FILE = 'bench.sqlite';

const SCHEMA = `
CREATE TABLE bench (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL              -- JSON
) WITHOUT ROWID;

CREATE TABLE configurations (
  configuration TEXT PRIMARY KEY,  -- a hash of what it says and of the version of glompo
  name TEXT NOT NULL,              -- of its file
  config TEXT NOT NULL,            -- JSON, as resolved, without what the problems say
  fit_config TEXT NOT NULL,        -- the same for a task with residuals, for which defaults may differ
  glompo TEXT NOT NULL,
  added_at REAL NOT NULL           -- milliseconds since 1970-01-01 UTC
) WITHOUT ROWID;

CREATE TABLE runs (
  configuration TEXT NOT NULL REFERENCES configurations,
  function TEXT NOT NULL,
  dimension INTEGER NOT NULL,
  instance INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  run_seed INTEGER NOT NULL,       -- manager.seed: by seed and problem, so that all configurations have the same
  budget INTEGER NOT NULL,
  best REAL,                       -- least difference from the optimum; NULL: no evaluation had a value
  evaluations INTEGER NOT NULL,
  hits TEXT NOT NULL,              -- JSON: by target, the evaluation that first reached it, or null
  stop_reason TEXT NOT NULL,
  wall_seconds REAL NOT NULL,
  node TEXT NOT NULL,
  PRIMARY KEY (configuration, function, dimension, instance, seed)
) WITHOUT ROWID;
`;

export interface BenchConfiguration {
  readonly configuration: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly fitConfig: JsonObject;
  readonly glompo: string;
}

/** Which run of a bench it is. */
export interface BenchKey {
  readonly configuration: string;
  readonly function: string;
  readonly dimension: number;
  readonly instance: number;
  readonly seed: number;
}

export interface BenchRun extends BenchKey {
  readonly runSeed: number;
  readonly budget: number;
  readonly best: number | null;
  readonly evaluations: number;
  readonly hits: readonly (number | null)[];
  readonly stopReason: string;
  readonly wallSeconds: number;
  readonly node: string;
}

/** The results of benchmarks in one directory, in one SQLite file. */
export class BenchLog implements Disposable {
  readonly #db: Database.Database;

  /**
   * @param mode `read` one that is there, or `write`, which makes it when it is not
   * @throws {CodedError} `log-unusable` when it is none
   */
  constructor(directory: string, mode: 'read' | 'write') {
    const file = path.join(directory, BENCH_FILE);
    const isNew = !existsSync(file);
    if (isNew && mode === 'read')
      throw new CodedError('log-unusable', `${directory} holds no bench: there is no ${BENCH_FILE} in it`);
    try {
      this.#db = mode === 'read' ? openReadOnly(file) : new Database(file);
    } catch (error) {
      throw unusable(file, messageOf(error));
    }
    try {
      if (mode === 'write') this.#prepare();
      this.#check(file);
    } catch (error) {
      this.#db.close();
      throw error instanceof CodedError ? error : unusable(file, messageOf(error));
    }
  }

  #prepare(): void {
    // First of all, so that a file of somebody else's stays as it is.
    const isEmpty = this.#db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
    if (isEmpty)
      this.#db.transaction(() => {
        this.#db.pragma(`application_id = ${APPLICATION_ID}`);
        this.#db.pragma(`user_version = ${SCHEMA_VERSION}`);
        this.#db.exec(SCHEMA);
      })();
  }

  #check(file: string): void {
    if (this.#db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
      throw unusable(file, 'it was not written by glompo bench');
    const version = this.#db.pragma('user_version', { simple: true }) as number;
    if (version > SCHEMA_VERSION) throw unusable(file, 'it was written by a newer version of glompo');
  }

  /** What all runs have in common, such as the suite. */
  facts(): JsonObject {
    const rows = this.#db.prepare<[], { key: string; value: string }>('SELECT key, value FROM bench').all();
    return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as JsonObject]));
  }

  setFacts(facts: JsonObject): void {
    const set = this.#db.prepare('INSERT OR REPLACE INTO bench (key, value) VALUES (?, ?)');
    for (const [key, value] of Object.entries(facts)) set.run(key, JSON.stringify(value));
  }

  /** One that is there already stays. */
  addConfiguration({ configuration, name, config, fitConfig, glompo }: BenchConfiguration): void {
    this.#db
      .prepare('INSERT OR IGNORE INTO configurations VALUES (?, ?, ?, ?, ?, ?)')
      .run(configuration, name, JSON.stringify(config), JSON.stringify(fitConfig), glompo, Date.now());
  }

  /** By name, then in the order in which they came. */
  configurations(): readonly Omit<BenchConfiguration, 'config' | 'fitConfig'>[] {
    return this.#db
      .prepare<[], Omit<BenchConfiguration, 'config' | 'fitConfig'>>(
        'SELECT configuration, name, glompo FROM configurations ORDER BY name, added_at, configuration',
      )
      .all();
  }

  add(run: BenchRun): void {
    this.#db
      .prepare(
        `INSERT INTO runs VALUES ($configuration, $function, $dimension, $instance, $seed, $runSeed, $budget, $best, $evaluations, $hits,
           $stopReason, $wallSeconds, $node)`,
      )
      .run({ ...run, hits: JSON.stringify(run.hits) });
  }

  has({ configuration, function: name, dimension, instance, seed }: BenchKey): boolean {
    return (
      this.#db
        .prepare(
          'SELECT 1 FROM runs WHERE configuration = ? AND function = ? AND dimension = ? AND instance = ? AND seed = ?',
        )
        .get(configuration, name, dimension, instance, seed) !== undefined
    );
  }

  runs(): readonly BenchRun[] {
    return this.#db
      .prepare<[], BenchRun & { readonly hits: string }>(
        `SELECT configuration, function, dimension, instance, seed, run_seed AS runSeed, budget, best, evaluations, hits, stop_reason AS stopReason,
           wall_seconds AS wallSeconds, node FROM runs ORDER BY dimension, function, instance, seed, configuration`,
      )
      .all()
      .map((row) => ({ ...row, hits: JSON.parse(row.hits as never) as readonly (number | null)[] }));
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

function unusable(file: string, why: string): CodedError {
  return new CodedError('log-unusable', `cannot use ${file}: ${why}`);
}
