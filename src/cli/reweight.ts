import path from 'node:path';
import { Command } from 'commander';
import { resolveConfig } from '../config/resolve.ts';
import type { RunConfig } from '../config/run-config.ts';
import { toPlain } from '../config/write.ts';
import { systemClock } from '../core/clock.ts';
import { CodedError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { type LoggedEvaluation, type LogReader, readLog } from '../log/reader.ts';
import { fingerprintOf } from '../manager/fingerprint.ts';
import { faultOfResiduals, isResiduals, sumOfSquares, weightedResiduals } from '../tasks/residuals.ts';
import { ImportedLog } from '../views/import/into-log.ts';
import { printResult } from './console.ts';
import { inDirectory, writerFacts } from './new-log.ts';
import { jsonOption, setOption } from './options.ts';

interface ReweightFlags {
  readonly set: readonly string[];
  readonly into?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** The best point under other weights. */
interface Reweighted {
  readonly fx: number;
  /** Under the weights of the log. */
  readonly before: number;
  readonly callId: number;
  readonly x: readonly number[];
}

export function reweightCommand(): Command {
  return new Command('reweight')
    .description(
      'what a log says under other weights and losses of its residuals, without evaluating anything again',
    )
    .argument('<dir>', 'run directory')
    .addOption(setOption())
    .option('--into <dir>', 'make a log with the new values there, for a run to start from by warmStart')
    .option('--overwrite', 'remove an earlier run in that directory; a live one is never removed')
    .addOption(jsonOption())
    .action(reweight);
}

async function reweight(
  directory: string,
  { set, into, overwrite = false, json }: ReweightFlags,
): Promise<void> {
  const facts = readLog(directory, (reader) => reader.facts());
  const config = await configure(facts, set, directory);
  const bests: { best: Reweighted | undefined; rows: number } = { best: undefined, rows: 0 };
  const read = (use: (evaluation: LoggedEvaluation) => void): void => {
    readLog(directory, (reader) => {
      for (const evaluation of reweighted(reader, config, directory)) {
        bests.rows++;
        note(bests, evaluation);
        use(evaluation.now);
      }
    });
  };
  const target = into === undefined ? undefined : path.resolve(into);
  if (target === undefined) read(() => {});
  else
    await inDirectory(target, overwrite, async (file) => {
      using log = new ImportedLog(
        file,
        config.parameters.length,
        `weighted anew from ${directory}`,
        systemClock.now(),
      );
      read((evaluation) => {
        log.add(evaluation);
      });
      log.finish({
        ...writerFacts(),
        names: config.parameters.map(({ name }) => name),
        imported: { reweighted: path.resolve(directory) },
        config: toPlain(config),
        fingerprint: facts['fingerprint'] ?? fingerprintOf(config),
      });
    });
  print(bests, config, target, json ?? false);
}

/** The configuration of the log, with other weights and nothing else. */
async function configure(facts: JsonObject, set: readonly string[], directory: string): Promise<RunConfig> {
  const before = facts['config'];
  if (before === undefined)
    throw new CodedError(
      'usage',
      `the log of ${directory} does not say of which task it is, so its residuals have no weights`,
    );
  const wrong = set.find((text) => !text.startsWith('task.residuals'));
  if (wrong !== undefined)
    throw new CodedError(
      'usage',
      `--set ${wrong}: only task.residuals can be changed without evaluating again`,
    );
  // Who evaluated, and how many at once, is of no matter here.
  return resolveConfig(before, { baseDir: process.cwd(), sets: [...set], isElsewhere: true });
}

function* reweighted(
  reader: LogReader,
  { task }: RunConfig,
  directory: string,
): Generator<{ readonly before: LoggedEvaluation; readonly now: LoggedEvaluation }, void> {
  let found = false;
  for (const before of reader.evaluations()) {
    const residuals = before.extras?.['residuals'];
    if (before.status !== 'ok' || !isResiduals(residuals)) {
      yield { before, now: before };
      continue;
    }
    const fault = faultOfResiduals(residuals, task.residuals);
    if (fault !== undefined) throw new CodedError('usage', `call ${before.callId} has ${fault}`);
    found = true;
    yield { before, now: { ...before, fx: sumOfSquares(weightedResiduals(residuals, task.residuals)) } };
  }
  if (!found)
    throw new CodedError(
      'usage',
      `no evaluation in ${directory} has residuals: its task returned values alone`,
    );
}

function note(
  bests: { best: Reweighted | undefined },
  { before, now }: { readonly before: LoggedEvaluation; readonly now: LoggedEvaluation },
): void {
  if (now.status !== 'ok' || now.fx === null || (now.violation ?? 0) > 0) return;
  if (bests.best && bests.best.fx <= now.fx) return;
  bests.best = { fx: now.fx, before: before.fx!, callId: now.callId, x: [...now.x] };
}

function print(
  { best, rows }: { readonly best: Reweighted | undefined; readonly rows: number },
  { parameters }: RunConfig,
  runDir: string | undefined,
  json: boolean,
): void {
  const names = parameters.map(({ name }) => name);
  if (json) {
    printResult(JSON.stringify({ evaluations: rows, best: best ?? null, names, runDir: runDir ?? null }));
    return;
  }
  const width = Math.max(...names.map((name) => name.length));
  printResult(
    [
      `${rows} evaluations, none of them made again`,
      ...(best
        ? [
            `Best value ${best.fx}, call ${best.callId} (${best.before} before), at`,
            ...best.x.map((value, i) => `  ${names[i]!.padEnd(width)}  ${value}`),
          ]
        : ['No evaluation has a value.']),
      ...(runDir === undefined ? [] : [`Log        ${runDir}`]),
    ].join('\n'),
  );
}
