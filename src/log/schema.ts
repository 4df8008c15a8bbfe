/** Marks a SQLite file as a run log of glompo: `GLMP`. */
export const APPLICATION_ID = 0x474c4d50;

/** Raised with every change of the tables. */
export const SCHEMA_VERSION = 1;

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
