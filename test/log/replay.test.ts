import { describe, expect, it } from 'vitest';
import { ToldValues } from '../../src/backends/failure-policy.ts';
import { type OptimizerPast, rebuild } from '../../src/backends/rebuild.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { RunConfig } from '../../src/config/run-config.ts';
import { RandomStream } from '../../src/core/random.ts';
import { fromBytes } from '../../src/log/float64.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { type Operation, readJournal } from '../../src/optimizers/journal.ts';
import { optimizers } from '../../src/optimizers/registry.ts';
import { Space } from '../../src/space/space.ts';
import type { EvaluationStatus } from '../../src/tasks/contract.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

interface Row {
  readonly call_id: number;
  readonly candidate_id: number;
  readonly x: Buffer;
  readonly fx: number | null;
  readonly status: EvaluationStatus;
  readonly violation: number | null;
}

/** Fails in a corner, is infeasible in a stripe, throws now and then: what a journal has to carry. */
const TASK = `
export default async function task(x, { candidateId, parameters }) {
  // Slow enough that all optimizers are up before the budget is gone.
  await new Promise((resolve) => setTimeout(resolve, 1));
  if (candidateId % 17 === 0) throw new Error('now and then');
  if (x[0] > 3 && x[1] > 3) return NaN;
  const value = 10 * x.length + x.reduce((all, v) => all + v * v - 10 * Math.cos(2 * Math.PI * v), 0) + parameters.c;
  return x[2] > 4 ? { value, violation: x[2] - 4 } : value;
}`;

interface Replayed {
  readonly asked: number;
  readonly injected: number;
  readonly refused: number;
}

/** Does again what the log says of one optimizer. @returns how many points it asked for, was given, and was refused */
async function replayFromLog(directory: string, config: RunConfig, optimizerId: number): Promise<Replayed> {
  const space = new Space(config.parameters, config.constraints);
  const [start] = query<{ type: string; options: string; start: Buffer }>(
    directory,
    `SELECT type, options, start FROM optimizers WHERE optimizer_id = ${optimizerId}`,
  );
  const rows = query<Row>(
    directory,
    `SELECT * FROM evaluations WHERE optimizer_id = ${optimizerId} ORDER BY call_id`,
  );
  const batches = query<{ operations: Buffer }>(
    directory,
    `SELECT operations FROM batches WHERE optimizer_id = ${optimizerId} ORDER BY batch_id`,
  );
  const operations: Operation[] = batches.flatMap((batch) => readJournal(batch.operations));

  const points = new Map<number, Float64Array>();
  const optimizer = optimizers.get(start!.type).create(JSON.parse(start!.options) as never, {
    dimension: space.dimension,
    start: fromBytes(start!.start),
    random: RandomStream.at(config.manager.seed, 'optimizer', optimizerId),
    steps: space.steps,
  });
  const ask = optimizer.ask.bind(optimizer);
  optimizer.ask = (limit) => {
    const asked = ask(limit);
    for (const { id, x } of asked) points.set(id, x);
    return asked;
  };
  const injected = new Map(
    operations
      .filter((operation) => operation.kind === 'inject')
      .map(({ callId }) => {
        const [row] = query<Row>(directory, `SELECT x, fx FROM evaluations WHERE call_id = ${callId}`);
        return [callId, { x: fromBytes(row!.x), fx: row!.fx! }];
      }),
  );
  const past: OptimizerPast = {
    operations: Buffer.concat(batches.map((batch) => batch.operations)),
    callIds: Float64Array.from(rows, ({ call_id }) => call_id),
    candidateIds: Float64Array.from(rows, ({ candidate_id }) => candidate_id),
    x: Float64Array.from(rows.flatMap(({ x }) => [...fromBytes(x)])),
    fx: Float64Array.from(rows, ({ fx }) => fx ?? NaN),
    statuses: rows.map(({ status }) => status),
    violations: Float64Array.from(rows, ({ violation }) => violation ?? 0),
    attempts: new Uint8Array(rows.length).fill(1),
    extras: new Map(),
    injected,
  };
  const pending = await rebuild(optimizer, past, space, new ToldValues(config.manager.onFailure, space));
  // What was asked for and is not in the log is to be evaluated, and nothing else.
  const logged = new Set(rows.map(({ candidate_id }) => candidate_id));
  const refused = new Set(
    operations.flatMap((operation) => (operation.kind === 'refuse' ? operation.candidateIds : [])),
  );
  expect(pending.open.map(({ id }) => id)).toEqual(
    [...points.keys()].filter((id) => !logged.has(id) && !refused.has(id)),
  );
  for (const { candidate_id, x } of rows)
    expect(
      [...space.toTask(points.get(candidate_id)!)],
      `optimizer ${optimizerId}, candidate ${candidate_id}`,
    ).toEqual([...fromBytes(x)]);
  return {
    asked: points.size,
    injected: operations.filter(({ kind }) => kind === 'inject').length,
    refused: operations.reduce((sum, one) => sum + (one.kind === 'refuse' ? one.candidateIds.length : 0), 0),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe.each(['inline', 'threads', 'processes'] as const)('the journal of a run on %s', (backend) => {
  it.each([
    ['', [], []],
    [
      ', also where many were refused',
      [{ name: 't', value: '= a - 2*k', min: -5 }],
      ['a <= b + d', 'a ^ 2 + n < 24'],
    ],
  ])(
    'brings every optimizer to the points that are in the log, bit for bit%s',
    async (_what, ties, constraints) => {
      using folder = new Folder();
      folder.write('task.js', TASK);
      const bounds = { min: -5, max: 5 };
      const config = await resolveConfig(
        {
          task: { module: 'task.js' },
          parameters: [
            { name: 'a', ...bounds },
            { name: 'b', ...bounds },
            { name: 'c', value: 2.5 },
            { name: 'd', ...bounds },
            { name: 'k', min: 1e-3, max: 10, scale: 'log' },
            { name: 'n', min: 1, max: 9, type: 'integer' },
            ...ties,
          ],
          constraints,
          optimizers: [
            'cma-es',
            { 'nelder-mead': { workers: 2, evaluate: backend === 'inline' ? 'inline' : 'threads' } },
            'random',
          ],
          hunters: { 'evaluations-unmoving': { calls: 150, tolerance: 0.05 } },
          stop: { 'max-evaluations': 3000 },
          manager: { maxJobs: 4, backend, huntFrequency: 100, shareBest: true, seed: 11 },
        },
        { baseDir: folder.path },
      );
      await using manager = new GloMPOManager({ config, dir: folder.at('run') });
      const result = await manager.start();
      expect(result.evaluations).toBe(3000);
      const replayed = await Promise.all(
        Array.from({ length: result.optimizers.started }, (_, i) =>
          replayFromLog(folder.at('run'), config, i + 1),
        ),
      );
      const refused = sum(replayed.map((one) => one.refused));
      expect(sum(replayed.map(({ asked }) => asked))).toBeGreaterThanOrEqual(3000 + refused);
      // The test would prove little without them.
      expect(sum(replayed.map(({ injected }) => injected))).toBeGreaterThan(0);
      if (constraints.length > 0) expect(refused).toBeGreaterThan(100);
      else expect(refused).toBe(0);
      const statuses = query<{ status: string }>(
        folder.at('run'),
        'SELECT DISTINCT status FROM evaluations ORDER BY status',
      );
      expect(statuses.map(({ status }) => status)).toEqual(['failed', 'ok']);
    },
  );
});
