/**
 * A worker whose evaluations are nothing but waiting: of the configuration of argument 1, for the run in the directory of argument 2, with
 * the slots of argument 3, for the milliseconds of argument 4 each. With argument 5 each slot is a worker of its own.
 */
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAgent } from '../../../src/backends/cluster/agent.ts';
import type { Agent } from '../../../src/backends/cluster/contract.ts';
import { decodePoints, encodeReplies } from '../../../src/backends/cluster/evaluations.ts';
import { findRendezvous } from '../../../src/backends/cluster/rendezvous.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { RENDEZVOUS } from '../../../src/manager/engine-options.ts';
import { workerFacts } from '../../../src/manager/worker-facts.ts';

const [, , file, dir, slots, ms, areApart] = process.argv;
const config = await loadConfig(file!);
const one = (own: number): Agent =>
  startAgent({
    connection: () => findRendezvous(path.join(dir!, RENDEZVOUS)),
    slots: own,
    facts: workerFacts(config),
    onWelcome: () => {},
    perform: async (payload) => {
      const { jobs } = decodePoints(payload, config.parameters.length);
      const replies = [];
      for (const { candidateId, x } of jobs) {
        const startedAt = systemClock.now();
        if (Number(ms) > 0) await sleep(Number(ms));
        const durationMs = systemClock.now() - startedAt;
        replies.push({
          candidateId,
          outcome: { status: 'ok' as const, fx: x[0]! },
          startedAt,
          durationMs,
          attempts: 1,
          worker: `${hostname()} ${process.pid}`,
        });
      }
      return encodeReplies(`${hostname()} ${process.pid}`, replies);
    },
    lingerSeconds: 30,
    onMessage: () => {},
  });
await Promise.all(
  areApart === undefined
    ? [one(Number(slots)).ended]
    : Array.from({ length: Number(slots) }, () => one(1).ended),
);
process.exit(0);
