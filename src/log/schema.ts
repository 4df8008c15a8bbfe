/** Marks a SQLite file as a run log of glompo: `GLMP`. */
export const APPLICATION_ID = 0x474c4d50;

/** What a log is divided into. Twice SQLite's own: rows are appended, and cost a quarter less; transactions of one row cost the same (bench/README.md). */
export const PAGE_BYTES = 8192;

/** Raised with every change of the tables. */
export const SCHEMA_VERSION = 3;

/**
 * The tables of a run log. `batches` is the index of `evaluations` by optimizer, which costs one row a batch instead of one entry
 * an evaluation.
 */
export const SCHEMA = `
CREATE TABLE run (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL              -- JSON
) WITHOUT ROWID;

CREATE TABLE optimizers (
  optimizer_id INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  options TEXT NOT NULL,           -- JSON
  workers INTEGER NOT NULL,
  start BLOB NOT NULL,             -- a point of the unit box: little-endian float64, one a free parameter
  started_at REAL NOT NULL,        -- milliseconds since 1970-01-01 UTC
  started_after_call INTEGER NOT NULL,
  place INTEGER NOT NULL DEFAULT -1, -- which of the configuration's optimizers it is, from 0; -1: none of them
  version INTEGER,                 -- of its algorithm, once it runs; another version may ask for other points
  batch_size INTEGER,              -- how many points it asked for at once when it began to run: a round of a reproducible run
  ended_at REAL,
  status TEXT NOT NULL,            -- running | converged | killed | stopped | crashed
  reason TEXT,
  evaluations INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0, -- how many of them have no value
  best_call_id INTEGER,
  best_fx REAL,
  best_violation REAL              -- 0: feasible
);

CREATE TABLE evaluations (
  call_id INTEGER PRIMARY KEY,     -- 1, 2, 3, … in the order of the log
  optimizer_id INTEGER NOT NULL,
  candidate_id INTEGER NOT NULL,   -- counts from 1 for each optimizer
  x BLOB NOT NULL,                 -- all parameters in the order of the configuration, task units, little-endian float64
  fx REAL,                         -- NULL unless status is ok or censored
  status TEXT NOT NULL,            -- ok | failed | timeout | cancelled | censored
  counted INTEGER NOT NULL,        -- 1: it used the budget
  started_at REAL NOT NULL,        -- milliseconds since 1970-01-01 UTC
  duration_ms REAL NOT NULL,
  attempts INTEGER NOT NULL,
  worker TEXT NOT NULL,
  error TEXT,
  violation REAL,                  -- > 0: how far from being feasible; NULL: feasible
  extras TEXT                      -- JSON object
);

CREATE TABLE batches (
  batch_id INTEGER PRIMARY KEY,
  optimizer_id INTEGER NOT NULL,
  first_call_id INTEGER NOT NULL,
  last_call_id INTEGER NOT NULL,   -- first_call_id - 1 when the batch has no evaluations
  operations BLOB NOT NULL         -- the optimizer's journal: what was asked, told and injected, in order
);
CREATE INDEX batches_by_optimizer ON batches (optimizer_id, first_call_id);

CREATE TABLE events (
  event_id INTEGER PRIMARY KEY,
  call_id INTEGER NOT NULL,        -- the last call in the log when it happened
  at REAL NOT NULL,                -- milliseconds since 1970-01-01 UTC
  kind TEXT NOT NULL,              -- decision | operational
  type TEXT NOT NULL,
  optimizer_id INTEGER,
  message TEXT NOT NULL,
  data TEXT NOT NULL               -- JSON object
);
`;

/** What came with version 2: all that is needed to go on with a run. */
export const SCHEMA_2 = `
CREATE TABLE snapshots (
  snapshot_id INTEGER PRIMARY KEY,
  optimizer_id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,       -- the optimizer as it was after this batch
  call_id INTEGER NOT NULL,        -- the last call in the log then
  pinned INTEGER NOT NULL,         -- 1: what came before it cannot be replayed
  data BLOB NOT NULL               -- see docs/log.md
);
CREATE INDEX snapshots_by_optimizer ON snapshots (optimizer_id, batch_id);

CREATE TABLE checkpoints (
  checkpoint_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  call_id INTEGER NOT NULL,        -- the last call in the log then
  at REAL NOT NULL,                -- milliseconds since 1970-01-01 UTC
  reason TEXT NOT NULL             -- start | seconds | evaluations | end | request | job-limit
);

-- Reproducible runs: evaluations of the round under way, which get their call ids when it is complete.
CREATE TABLE arrivals (
  arrival_id INTEGER PRIMARY KEY,
  optimizer_id INTEGER NOT NULL,
  candidate_id INTEGER NOT NULL,
  x BLOB NOT NULL,
  fx REAL,
  status TEXT NOT NULL,
  counted INTEGER NOT NULL,
  started_at REAL NOT NULL,
  duration_ms REAL NOT NULL,
  attempts INTEGER NOT NULL,
  worker TEXT NOT NULL,
  error TEXT,
  violation REAL,
  extras TEXT
);

CREATE TABLE arrived_batches (
  arrival_id INTEGER PRIMARY KEY,
  optimizer_id INTEGER NOT NULL,
  operations BLOB NOT NULL,
  snapshot BLOB
);
`;

/** A schema's version, and how logs of earlier ones are brought to it. */
export interface SchemaHistory {
  readonly version: number;
  /** By the version it starts from: the SQL that leads to the next one. */
  readonly steps: ReadonlyMap<number, string>;
}

export const HISTORY: SchemaHistory = {
  version: SCHEMA_VERSION,
  steps: new Map([
    [
      1,
      `ALTER TABLE optimizers ADD COLUMN place INTEGER NOT NULL DEFAULT -1;
       ALTER TABLE optimizers ADD COLUMN version INTEGER;
       ${SCHEMA_2}`,
    ],
    [2, 'ALTER TABLE optimizers ADD COLUMN batch_size INTEGER'],
  ]),
};
