import type { Clock } from '../../core/clock.ts';
import type { ContainmentChoice } from '../../processes/containment.ts';
import { Custody } from '../../processes/custody.ts';
import type { JobOffice } from '../cluster/contract.ts';
import type { HostLauncher } from './contract.ts';
import type { OutputSink } from './output.ts';

export interface LauncherSetup {
  readonly backend: 'inline' | 'threads' | 'processes' | 'processes_forced';
  /** Whether this process exists for this run alone, so that its own environment may be marked. */
  readonly ownsProcess: boolean;
  readonly containment: ContainmentChoice;
  /** Where the run's processes are recorded, for those who clean up after a crash. */
  readonly runDir: string;
  readonly clock: Clock;
  readonly output: OutputSink;
  readonly onSupervisorLost: (message: string) => void;
  /** Where points are evaluated on other machines. @default nowhere */
  readonly office?: JobOffice | undefined;
  /** Told what `containment` came to on this machine. */
  readonly onContained: (containment: Custody['containment']) => void;
}

/**
 * Makes level 1, and takes custody of all processes that come of it, be it through a task in a thread. What a backend needs is loaded
 * with it, and nothing else.
 *
 * @throws {CodedError} `usage` when the containment asked for is not to be had here
 */
export async function createLauncher(setup: LauncherSetup): Promise<HostLauncher> {
  const { backend, clock, output, ownsProcess, office } = setup;
  switch (backend) {
    case 'inline': {
      const [{ InlineLauncher }, custody] = await Promise.all([import('./inline.ts'), takeCustody(setup)]);
      return new InlineLauncher(clock, output, custody, ownsProcess);
    }
    case 'threads': {
      const [{ ThreadLauncher }, custody] = await Promise.all([import('./threads.ts'), takeCustody(setup)]);
      return new ThreadLauncher(output, custody, office);
    }
    case 'processes':
    case 'processes_forced': {
      const [{ ProcessLauncher }, custody] = await Promise.all([
        import('./processes.ts'),
        takeCustody(setup),
      ]);
      return new ProcessLauncher(output, custody, office);
    }
  }
}

async function takeCustody(setup: LauncherSetup): Promise<Custody> {
  const { containment, runDir, onSupervisorLost, onContained } = setup;
  const custody = await Custody.start({
    containment,
    runDir,
    logFile: `${runDir}/supervisor.log`,
    onSupervisorLost,
  });
  onContained(custody.containment);
  return custody;
}
