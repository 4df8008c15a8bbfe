import { parentPort } from 'node:worker_threads';

import { evaluationContext } from '../../src/tasks/context.ts';
import { evaluateTask } from '../../src/tasks/evaluate.ts';
import { type InProcessSpec, loadTask } from '../../src/tasks/load.ts';

/** Loads tasks with Node's own loader, as hosts do; a test runner has one of its own. */
parentPort!.on('message', async (spec: InProcessSpec) => {
  try {
    const task = await loadTask(spec);
    const x = Float64Array.of(3, 4);
    const setup = { names: ['a', 'b'], seed: 1, optimizerId: 1, wantsGradient: false };
    parentPort!.postMessage(
      await evaluateTask(task, x, evaluationContext(setup, 1, x, { signal: AbortSignal.abort() })),
    );
  } catch (error) {
    parentPort!.postMessage({ code: (error as { code?: unknown }).code, message: (error as Error).message });
  }
});
