import { hostname } from 'node:os';
import { ControlConnection } from '../control/client.ts';
import type { Command } from '../control/protocol.ts';
import { CodedError } from '../core/errors.ts';
import { writerElsewhere } from '../log/elsewhere.ts';
import { LogReader, type RunSummary } from '../log/reader.ts';

/**
 * Gives a command to a live run.
 *
 * @param andThen what to do while the connection is there
 * @returns whether the command changed anything: it did not where it was so already
 * @throws {CodedError} `run-directory` when no run is live there, with what its log says of it
 */
export async function control(
  directory: string,
  command: Command,
  andThen?: (connection: ControlConnection) => Promise<void>,
): Promise<boolean> {
  using connection = await open(directory);
  const { outcome } = await connection.send(command);
  await andThen?.(connection);
  return outcome === 'done';
}

async function open(directory: string): Promise<ControlConnection> {
  try {
    return await ControlConnection.open(directory);
  } catch (error) {
    throw explainUnreachable(directory, error);
  }
}

/** What was thrown as a run could not be reached, with what its log says of it. */
export function explainUnreachable(directory: string, error: unknown): unknown {
  if (!(error instanceof CodedError) || error.code !== 'run-directory') return error;
  return new CodedError(error.code, `${error.message}: ${explain(directory)}`, { cause: error });
}

/** What the log says of a run that cannot be reached. */
function explain(directory: string): string {
  const writer = writerElsewhere(directory);
  if (writer) return elsewhere(writer.host);
  const run = summaryOf(directory);
  if (!run) return 'there is no run log';
  const { state, facts } = run;
  if (state === 'crashed') return 'its manager was killed';
  if (state !== 'running') return `it has ${state}`;
  const { host } = facts;
  return typeof host !== 'string' || host === hostname()
    ? 'its log says that it runs, but its control socket is gone; a file named EXIT in that directory stops it'
    : elsewhere(host);
}

function elsewhere(host: string): string {
  return `its log says that it runs on ${host}; do this there, or write a file named EXIT into that directory to stop it`;
}

/** @returns undefined when there is no log that can be read */
export function summaryOf(directory: string): RunSummary | undefined {
  try {
    // Not kept open: at its end the run folds the log into one file, which no reader may hold then.
    using reader = new LogReader(directory);
    return reader.summary();
  } catch {
    return undefined;
  }
}
