import type { JobOffice } from '../backends/cluster/contract.ts';
import type { HostLauncher } from '../backends/hosts/contract.ts';
import { createLauncher } from '../backends/hosts/registry.ts';
import type { RunConfig } from '../config/run-config.ts';
import { systemClock } from '../core/clock.ts';
import type { RunLog } from '../log/contract.ts';
import type { LogHome } from '../log/home.ts';
import { SqliteLog } from '../log/sqlite-log.ts';
import { withLog } from '../log/unusable.ts';
import { explainingFailures, Reserve } from '../log/write-failure.ts';
import type { Messages } from './messages.ts';
import { StreamFiles } from './stream-files.ts';

/**
 * Makes the log of a run, or opens the one that is there.
 *
 * @param resources close it
 * @throws {CodedError} `log-unusable`
 */
export function openLog(
  home: LogHome,
  { parameters, manager }: RunConfig,
  isThere: boolean,
  resources: AsyncDisposableStack,
): RunLog {
  const mode = isThere ? 'open' : 'create';
  const open = (): SqliteLog => new SqliteLog(home.file, parameters.length, manager.durability, mode);
  const file = resources.use(withLog(home.file, open));
  return explainingFailures(file, home.file, resources.use(new Reserve(home.file)));
}

interface HostsSetup {
  readonly runDir: string;
  readonly ownsProcess: boolean;
  readonly messages: Messages;
  readonly onSupervisorLost: (message: string) => void;
  /** Where points are evaluated on other machines. */
  readonly office: JobOffice | undefined;
}

/**
 * Makes where optimizers run, with files for what they print.
 *
 * @param resources end all of it
 */
export async function openHosts(
  { manager: { backend, containment } }: RunConfig,
  resources: AsyncDisposableStack,
  { messages, ...setup }: HostsSetup,
): Promise<HostLauncher> {
  const streams = resources.use(new StreamFiles(setup.runDir));
  return resources.use(
    await createLauncher({
      ...setup,
      backend,
      containment,
      clock: systemClock,
      output: streams.sink,
      onContained: (found) => {
        const message = `containment ${containment} is ${found} here`;
        messages.log('info', 'hosts', message, { containment: found });
      },
    }),
  );
}
