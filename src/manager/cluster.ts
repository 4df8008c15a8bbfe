import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { ClusterEvent, ClusterWorker, JobOffice } from '../backends/cluster/contract.ts';
import { isManaged } from '../backends/cluster/is-managed.ts';
import { openOffice } from '../backends/cluster/office.ts';
import { findRendezvous, removeRendezvous, writeRendezvous } from '../backends/cluster/rendezvous.ts';
import { startOwnServer } from '../backends/cluster/own-server.ts';
import type { RunConfig } from '../config/run-config.ts';
import { systemClock } from '../core/clock.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { amount, type ClusterFigures, clusterIn } from '../log/cluster-figures.ts';
import type { RunLog } from '../log/contract.ts';
import { type EngineOptions, RENDEZVOUS } from './engine-options.ts';
import type { ClusterFacts } from './events.ts';
import { workerDifferences, workerFacts } from './worker-facts.ts';

/** The machines that evaluate for a run. */
export interface Cluster {
  readonly office: JobOffice;
  readonly figures: ClusterFigures;
}

interface ClusterSetup {
  readonly config: RunConfig;
  readonly engine: EngineOptions;
  readonly runDir: string;
  readonly log: RunLog;
  /** Called when there are more workers, or fewer. */
  readonly onSlots: (slots: number) => void;
  readonly tell: (message: string, facts: ClusterFacts) => void;
}

/**
 * Opens the run for workers: connects with the engine, or starts one, and lets those find it that are to work for it.
 *
 * @param resources close it, after the hosts that use it
 * @throws {CodedError} `engine-unusable`
 */
export async function openCluster(
  { config, engine, runDir, log, onSlots, tell }: ClusterSetup,
  resources: AsyncDisposableStack,
): Promise<Cluster> {
  const file = path.join(runDir, RENDEZVOUS);
  const before = await findRendezvous(file);
  // Raised with each session, though what an earlier one left may be lost.
  const epoch = Math.max((before?.epoch ?? 0) + 1, Math.floor(systemClock.now() / 1000));
  let opened: JobOffice | undefined;
  const connection =
    engine.connection ??
    resources.use(
      await startOwnServer(runDir, engine.host, (how) => {
        const message = `the run’s own nats-server is started again: ${how}`;
        tell(message, { what: 'server-ended', slots: opened?.slots ?? 0 });
      }),
    ).connection;
  // Nobody else manages the run of this directory; but a copy of it has the id of the other one's.
  const isOurs = before !== undefined && !(await isManaged(connection, before.runId));
  const runId = isOurs ? before.runId : randomBytes(6).toString('hex');
  // As it comes from others.
  const own = JSON.parse(JSON.stringify(workerFacts(config))) as JsonObject;
  // Of the run, which may have had more in an earlier session.
  let mostSlots = clusterIn(log.facts()['cluster'])?.mostSlots ?? 0;
  const office = resources.use(
    await openOffice({
      connection,
      runId,
      epoch,
      admit: (facts) => {
        const differences = workerDifferences(own, facts);
        return differences.length > 0
          ? { differences }
          : { welcome: { seed: config.manager.seed, retries: config.manager.retries } };
      },
      onEvent: (event) => {
        tell(sentenceOf(event), { what: event.kind, slots: office.slots, ...whoOf(event) });
        mostSlots = Math.max(mostSlots, office.slots);
        onSlots(office.slots);
      },
    }),
  );
  opened = office;
  // When workers find it, there is somebody who lets them in.
  await writeRendezvous(file, { runId, epoch, connection, launchKey: engine.launchKey ?? '' });
  resources.defer(async () => {
    await removeRendezvous(file);
  });
  const figures = (): ClusterFigures => figuresOf(office, mostSlots);
  resources.use(logWorkers(log, figures));
  return {
    office,
    get figures() {
      return figures();
    },
  };
}

const EVERY_MS = 2000;

/** Who works for the run at this moment. */
function figuresOf(office: JobOffice, mostSlots: number): ClusterFigures {
  return {
    mostSlots,
    workers: office.workers.map(({ host, pid, slots, units, joinedAt }) => ({
      host,
      pid,
      slots,
      evaluations: units,
      joinedAt,
    })),
    slots: office.slots,
    counts: { ...office.counts },
  };
}

/** Keeps in the log who works for the run, for those who look at it. */
function logWorkers(log: RunLog, figures: () => ClusterFigures): Disposable {
  let last = '';
  const write = (): void => {
    const facts = figures();
    const text = JSON.stringify(facts);
    if (text === last) return;
    last = text;
    try {
      log.set({ cluster: facts as unknown as Json });
    } catch {
      // The log itself failed, which ends the run elsewhere.
    }
  };
  const timer = setInterval(write, EVERY_MS).unref();
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      write();
    },
  };
}

function sentenceOf(event: ClusterEvent): string {
  switch (event.kind) {
    case 'joined':
      return `${nameOf(event.worker)} joined with ${amount(event.worker.slots, 'slot')}`;
    case 'left':
      return `${nameOf(event.worker)} left after ${amount(event.worker.units, 'evaluation')}`;
    case 'lost':
      return `${nameOf(event.worker)} was not heard of for too long: what it was at goes to others`;
    case 'refused':
      return `a worker on ${event.host} was refused: ${event.differences.join('; ')}`;
    case 'redelivered':
      return `${amount(event.jobs, 'job')} ${event.jobs === 1 ? 'was' : 'were'} given to another worker`;
    case 'disconnected':
      return 'the engine is not to be reached; what workers are at goes on';
    case 'full':
      return `the engine takes no points, and is asked again: ${event.why}; see how much memory its account has for streams`;
    case 'emptied':
      return 'points that wait are not in the engine any more, out of which somebody may have taken them: they go in again';
    case 'reconnected':
      return 'the engine is there again';
  }
}

function nameOf({ host, pid }: ClusterWorker): string {
  return `worker ${pid} on ${host}`;
}

function whoOf(event: ClusterEvent): JsonObject {
  if ('worker' in event) {
    const { host, pid, slots } = event.worker;
    return { host, pid, of: slots };
  }
  return 'differences' in event ? { host: event.host, differences: [...event.differences] } : {};
}
