import { type Intervention, InterventionFiles } from '../control/files.ts';
import type { Command, CommandName, Outcome } from '../control/protocol.ts';
import { ControlServer, type Handlers } from '../control/server.ts';
import { CodedError, describe, messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Logger } from '../core/logger.ts';
import type { GloMPOManager } from './manager.ts';
import type { Run } from './run.ts';

/** The run can be stopped before it has begun; all else waits for `started`. */
type Stoppable = Pick<GloMPOManager, 'runDir' | 'stop'>;

/**
 * Takes commands to the run by its socket. A run for which none can be made goes on without, and its log says so: files still reach it.
 *
 * @param started with the run as soon as there is one
 */
export async function openControl(
  manager: Stoppable,
  started: Promise<Run>,
  logger: Logger,
): Promise<AsyncDisposable> {
  try {
    return await ControlServer.open(manager.runDir, logged(handlersOf(manager, started), logger));
  } catch (error) {
    void started.then((run) => {
      run.note('control-unavailable', messageOf(error));
    });
    return new AsyncDisposableStack();
  }
}

function handlersOf(manager: Stoppable, started: Promise<Run>): Handlers {
  return {
    ping: () => ({ pid: process.pid, runDir: manager.runDir }),
    stop: ({ by = 'glompo stop' }) => told(manager.stop(`stopped by hand: ${by}`)),
    'stop-optimizer': async ({ optimizer, by = 'glompo stop' }) =>
      told((await started).stopOptimizer(optimizer, by), optimizer),
    pause: async ({ by = 'glompo pause' }) => told((await started).pause(by)),
    unpause: async ({ by = 'glompo unpause' }) => told((await started).unpause(by)),
    checkpoint: async ({ name }) => ({ name: await (await started).checkpoint(name) }),
  };
}

/** The same, and the logger is told of each command and what came of it. */
function logged(handlers: Handlers, logger: Logger): Handlers {
  const entries = Object.entries(handlers) as [CommandName, (command: Command) => unknown][];
  return Object.fromEntries(
    entries.map(([name, handle]) => [
      name,
      async (command: Command) => {
        // Those who only look at the run ask often.
        const level = name === 'ping' ? 'debug' : 'info';
        const fields = Object.fromEntries(
          Object.entries(command).filter((one): one is [string, string | number] => one[1] !== undefined),
        );
        try {
          const answer = await handle(command);
          logger.log(level, 'control', `command ${name}`, fields);
          return answer;
        } catch (error) {
          logger.log('warn', 'control', `command ${name} refused: ${messageOf(error)}`, fields);
          throw error;
        }
      },
    ]),
  ) as unknown as Handlers;
}

function told(outcome: Outcome, optimizer?: number): JsonObject {
  if (outcome === 'unknown') throw new CodedError('usage', `there is no optimizer ${optimizer} in this run`);
  if (outcome === 'not-running')
    throw new CodedError('run-directory', 'the run is coming to its end already');
  return { outcome };
}

/** Takes commands to the run by files in its directory, from when it is started. What asks for nothing that can be done is logged. */
export function watchFiles(manager: Stoppable, started: Promise<Run>, logger: Logger): InterventionFiles {
  return new InterventionFiles(manager.runDir, (intervention, name) => {
    logger.log('info', 'control', `file ${name}`, { kind: intervention.kind });
    if (intervention.kind === 'stop') {
      manager.stop(`stopped by hand: file ${name}`);
      return;
    }
    void started.then(async (run) => {
      const why = await putIntoEffect(run, intervention, name);
      if (why !== undefined)
        run.note('intervention-ignored', `the file ${describe(name)} is ignored: ${why}`);
    });
  });
}

/** @returns why it was not */
async function putIntoEffect(
  run: Run,
  intervention: Exclude<Intervention, { readonly kind: 'stop' }>,
  name: string,
): Promise<string | undefined> {
  switch (intervention.kind) {
    case 'malformed':
      return `expected ${intervention.expected}`;
    case 'stop-optimizer':
      return whyNot(run.stopOptimizer(intervention.optimizer, `file ${name}`), intervention.optimizer);
    case 'checkpoint':
      try {
        await run.checkpoint();
        return undefined;
      } catch (error) {
        return messageOf(error);
      }
  }
}

function whyNot(outcome: Outcome, optimizer: number): string | undefined {
  switch (outcome) {
    case 'done':
      return undefined;
    case 'already':
      return `optimizer ${optimizer} is ending or has ended already`;
    case 'not-running':
      return 'the run is coming to its end already';
    case 'unknown':
      return `there is no optimizer ${optimizer}`;
  }
}
