import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterConnection, JobOffice } from '../backends/cluster/contract.ts';
import { placeOf } from '../backends/cluster/engine-faults.ts';
import { openOffice } from '../backends/cluster/office.ts';
import { removeRendezvous, writeRendezvous } from '../backends/cluster/rendezvous.ts';
import { startServer } from '../backends/cluster/server.ts';
import { connectionOfEnvironment } from '../backends/cluster/settings.ts';
import { CodedError } from '../core/errors.ts';
import { Custody } from '../processes/custody.ts';
import { orAborted } from './aborted.ts';
import { Absence } from './absence.ts';
import { ClusterExecutor } from './cluster-executor.ts';
import type { FunctionSpec } from './contract.ts';
import type { PoolCrew } from './crew.ts';
import type { Meeting } from './meeting.ts';
import type { PoolEngine } from './options.ts';
import { startRemoteWorker } from './remote-worker.ts';
import { Admission } from './terms.ts';

/** A message through the engine costs about a millisecond: of quicker calls, so many go together that it does not count. */
const CHUNKS = { belowMs: 20, forMs: 40 };
const ABSENT_MS = 30_000;
/** At the end those are waited for who were launched with the pool and have not come: they would wait for it. */
const LATECOMERS_MS = 30_000;

export interface ClusterSetup {
  readonly engine: PoolEngine;
  /** How the others that were launched find this; without any it has a worker of its own. */
  readonly meeting: Meeting | undefined;
  /** How many calls a worker of its own does side by side. */
  readonly slots: number;
  readonly initializer: FunctionSpec | undefined;
  readonly maxTasksPerWorker: number | undefined;
  readonly seed: number;
  /** Aborted when the pool is closed, though it may not have begun. */
  readonly signal: AbortSignal;
  /** Called when there are more workers, or fewer. */
  readonly onResize: () => void;
}

/** By which workers find the pool. */
interface Address {
  readonly runId: string;
  readonly epoch: number;
  readonly connection: ClusterConnection;
}

/**
 * Opens a pool for workers on other machines, or begins with one of its own where none were launched.
 *
 * @throws {CodedError} `engine-unusable`
 */
export async function startClusterCrew(setup: ClusterSetup): Promise<PoolCrew> {
  const { engine, meeting, slots, initializer, maxTasksPerWorker, seed, signal, onResize } = setup;
  await using starting = new AsyncDisposableStack();
  const connection =
    engine.connection ??
    connectionOfEnvironment() ??
    (await ownServer(engine.host ?? meeting?.host, starting));
  const address = { runId: `pool-${randomBytes(6).toString('hex')}`, epoch: 1, connection };
  const admission = new Admission({ initializer, maxTasksPerWorker, seed });
  const expected = meeting?.others ?? 1;
  const { promise: allCame, resolve } = Promise.withResolvers<void>();
  const absence = starting.use(new Absence(ABSENT_MS, () => warning(connection)));
  const office: JobOffice = starting.use(
    await openOffice({
      ...address,
      admit: (facts) => admission.admit(facts),
      onEvent: () => {
        if (admission.count >= expected) resolve();
        absence.note(office.slots);
        onResize();
      },
    }),
  );
  if (meeting) await announce(meeting, address, allCame, starting);
  else await orAborted(startOwn(address, slots, allCame, starting), signal);
  const resources = starting.move();
  return {
    get workers() {
      return office.slots;
    },
    chunks: CHUNKS,
    endsLongCalls: true,
    open: (timeoutMs) => new ClusterExecutor(office.open(), timeoutMs),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Lets the others find the pool, from now on until all have come and it is closed. */
async function announce(
  { file, key }: Meeting,
  address: Address,
  allCame: Promise<void>,
  resources: AsyncDisposableStack,
): Promise<void> {
  await writeRendezvous(file, { ...address, launchKey: key });
  resources.defer(async () => {
    const over = new AbortController();
    const patience = delay(LATECOMERS_MS, undefined, { signal: over.signal }).catch(() => {});
    await Promise.race([allCame, patience]);
    over.abort();
    await removeRendezvous(file);
  });
}

/** @returns when it is there */
async function startOwn(
  address: Address,
  slots: number,
  joined: Promise<void>,
  resources: AsyncDisposableStack,
): Promise<void> {
  let said = '';
  const worker = resources.use(
    startRemoteWorker({
      connection: () => Promise.resolve(address),
      slots,
      onMessage: (message) => {
        said = `; the last that was heard: ${message}`;
      },
    }),
  );
  if (await Promise.race([joined, worker.ended]))
    throw new CodedError(
      'engine-unusable',
      `the pool's own worker did not get through to it: see that who connects to ${placeOf(address.connection)} may use JetStream and all subjects glompo.> there${said}`,
    );
}

function warning(connection: ClusterConnection): string {
  return `a pool has had no worker for ${ABSENT_MS / 1000} s, and its calls wait: see that the other processes came to pool.main() and go on, and that they can reach ${placeOf(connection)}`;
}

async function ownServer(
  host: string | undefined,
  resources: AsyncDisposableStack,
): Promise<ClusterConnection> {
  const dir = await mkdtemp(path.join(tmpdir(), 'glompo-pool-'));
  resources.defer(() => rm(dir, { recursive: true, force: true }));
  const custody = resources.use(await Custody.start({ containment: 'none' }));
  const server = resources.use(await startServer({ custody, dir, host }));
  return server.connection;
}
