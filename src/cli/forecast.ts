import path from 'node:path';
import type { RunConfig } from '../config/run-config.ts';
import { filesystemOf, type FilesystemProbe, nearest } from '../log/filesystem.ts';
import { bytesPerEvaluation, forecastBytes } from '../log/forecast.ts';
import { DEFAULT_MIN_FREE_BYTES } from '../manager/free-space.ts';
import { amount, memoryBytes, memoryWarning } from '../manager/host-memory.ts';
import { freeBytes, warningOf } from '../manager/log-care.ts';
import { Stopping } from '../manager/stopping.ts';

/** How large the log of a run would become. `null`: nothing limits the evaluations. */
export interface LogForecast {
  readonly evaluations: number | null;
  readonly bytesPerEvaluation: number;
  readonly logBytes: number | null;
}

/** What stands in for a machine. */
interface Machine {
  readonly memoryBytes: number;
  readonly freeBytes: (directory: string) => number;
  readonly filesystemOf: FilesystemProbe;
}

const thisMachine: Machine = {
  memoryBytes: memoryBytes(),
  freeBytes,
  filesystemOf: (directory) => filesystemOf(directory),
};

export function forecastOf(config: RunConfig): LogForecast {
  const { budget } = new Stopping(config);
  const isLimited = Number.isFinite(budget);
  const parameters = config.parameters.length;
  return {
    evaluations: isLimited ? budget : null,
    bytesPerEvaluation: Math.round(bytesPerEvaluation(parameters)),
    logBytes: isLimited ? forecastBytes(budget, parameters) : null,
  };
}

/** The forecast in words, with warnings where the log would not fit or be unsafe. */
export function describeForecast(config: RunConfig, machine: Machine = thisMachine): readonly string[] {
  const { logDir, minFreeBytes = DEFAULT_MIN_FREE_BYTES } = config.manager;
  const { evaluations, bytesPerEvaluation: each, logBytes } = forecastOf(config);
  // Where `glompo run` puts it, without --dir.
  const directory = nearest(logDir ?? path.resolve('runs'));
  const free = machine.freeBytes(directory);
  const size =
    logBytes === null
      ? `${each} bytes an evaluation, without a limit on their number`
      : `${amount(logBytes)} for ${evaluations} evaluations of ${each} bytes`;
  const lines = [
    `the log: about ${size}, errors and extras not included; ${amount(free)} are free in ${directory}`,
  ];
  if (logBytes !== null && logBytes + minFreeBytes > free)
    lines.push(
      `warning: the log would not fit into ${directory}: the run would pause at fewer than ${amount(minFreeBytes)} free; make room, set manager.logDir, or run with --dir on another disk`,
    );
  const warning = warningOf({ directory, isAway: logDir !== undefined }, machine.filesystemOf);
  if (warning !== undefined) lines.push(`warning: ${warning}`);
  const tooMany = memoryWarning(config, machine.memoryBytes);
  if (tooMany !== undefined) lines.push(`warning: ${tooMany}`);
  return lines;
}
