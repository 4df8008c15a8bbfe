import type { RunConfig } from '../config/run-config.ts';
import type { RunLog } from '../log/contract.ts';
import type { Cluster } from './cluster.ts';
import { type EngineOptions, usesCluster } from './engine-options.ts';
import type { Run } from './run.ts';

interface ElsewhereSetup {
  readonly config: RunConfig;
  readonly engine: EngineOptions | undefined;
  readonly runDir: string;
  readonly log: RunLog;
  /** The run, when there is one: some workers are there before. */
  readonly started: Promise<Run>;
}

/**
 * Opens a run for workers on other machines, if it is to have any.
 *
 * @param resources close it, after the hosts that use it
 * @throws {CodedError} `engine-unusable`
 */
export async function openElsewhere(
  { config, engine, runDir, log, started }: ElsewhereSetup,
  resources: AsyncDisposableStack,
): Promise<Cluster | undefined> {
  const isUsed = usesCluster(config);
  // Those that were launched with it look for it in any case, if only to be told that it is over.
  if (!engine || !(isUsed || engine.launchKey !== undefined)) return undefined;
  const withRun = (step: (run: Run) => void): void => {
    void started.then(step, () => {});
  };
  // What it needs is loaded by those alone who use it.
  const { openCluster } = await import('./cluster.ts');
  return await openCluster(
    {
      config,
      engine,
      runDir,
      log,
      onSlots: (slots) => {
        if (isUsed)
          withRun((run) => {
            run.resize(slots);
          });
      },
      tell: (message, facts) => {
        withRun((run) => {
          run.tellCluster(message, facts);
        });
      },
    },
    resources,
  );
}
