import { useCompileCache } from '../core/compile-cache.ts';
import { messageOf } from '../core/errors.ts';
import type { Assignment } from './solve.ts';

// Nobody waits for results any more.
process.on('disconnect', () => process.exit(1));
// Signals of a terminal or a batch system go to all processes; when this one ends is its parent's to say.
for (const name of ['SIGINT', 'SIGUSR1', 'SIGUSR2'] as const) process.on(name, () => {});

useCompileCache();
const { solve } = await import('./solve.ts');

process.on('message', (message) => {
  void answer(message as Assignment);
});

async function answer(assignment: Assignment): Promise<void> {
  try {
    process.send?.({ outcome: await solve(assignment) });
  } catch (thrown) {
    process.send?.({ error: messageOf(thrown) });
  }
}
