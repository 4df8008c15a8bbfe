import { parentPort } from 'node:worker_threads';
import { useCompileCache } from '../core/compile-cache.ts';
import { messageOf } from '../core/errors.ts';
import type { BestPoint } from '../tasks/contract.ts';
import type { InProcessSpec } from '../tasks/load.ts';

export type TaskThreadRequest =
  | { readonly kind: 'load'; readonly spec: InProcessSpec }
  | {
      readonly kind: 'report';
      readonly spec: InProcessSpec;
      readonly best: BestPoint;
    };

export interface TaskThreadAnswer {
  readonly text?: string;
  readonly error?: string;
  /** Which of `TaskGeometry` it has. */
  readonly geometry?: readonly string[];
}

useCompileCache();
const { loadTask } = await import('../tasks/load.ts');

async function answer(request: TaskThreadRequest): Promise<TaskThreadAnswer> {
  try {
    const task = await loadTask(request.spec);
    const geometry = (['distance', 'canonical'] as const).filter((name) => task[name]);
    if (request.kind === 'load' || !task.report) return { geometry };
    return { text: await task.report(request.best) };
  } catch (thrown) {
    return { error: messageOf(thrown) };
  }
}

parentPort!.once('message', (request: TaskThreadRequest) => {
  void answer(request).then((found) => {
    parentPort!.postMessage(found);
  });
});
