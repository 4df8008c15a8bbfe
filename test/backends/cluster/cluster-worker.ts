/**
 * A worker in a process of its own, which may be killed or stopped. A job is `[value, ms, mode]`; its answer is `[2 * value, pid]`. Tells its
 * parent which values it took up, and why it ended.
 */
import { startAgent } from '../../../src/backends/cluster/agent.ts';
import type { AgentOptions } from '../../../src/backends/cluster/contract.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { DEADLY, numbers, SYNCHRONOUS, valuesOf } from './payloads.ts';

const { connection, runId, slots, lingerSeconds } = JSON.parse(process.env['WORKER']!) as {
  connection: NonNullable<Awaited<ReturnType<AgentOptions['connection']>>>['connection'];
  runId: string;
  slots: number;
  lingerSeconds?: number;
};

const tell = (message: object): void => {
  process.send?.(message);
};

const agent = startAgent({
  connection: () => Promise.resolve({ connection, runId }),
  slots,
  lingerSeconds,
  facts: {},
  onWelcome: () => {
    tell({ welcome: true });
  },
  perform: async (payload, _slot, signal) => {
    const [value = 0, ms = 0, mode = 0] = valuesOf(payload);
    tell({ begun: value });
    // Once that is told.
    if (mode === DEADLY) {
      await delay(50);
      process.kill(process.pid, 'SIGKILL');
    }
    if (mode === SYNCHRONOUS) for (const until = performance.now() + ms; performance.now() < until;);
    else await delay(ms, undefined, { signal });
    return numbers(2 * value, process.pid);
  },
  onMessage: (message) => {
    tell({ message });
  },
});
process.once('SIGTERM', () => {
  agent.drain(60);
});
tell({ end: await agent.ended });
process.disconnect();
