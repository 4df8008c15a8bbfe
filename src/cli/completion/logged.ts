import { readLog } from '../../log/reader.ts';

/** Ids of the optimizers that run in a live run. */
export function liveOptimizers(directory: string): readonly string[] {
  return read(() =>
    readLog(directory, (reader) => {
      const { state, optimizers } = reader.summary();
      const live = optimizers.filter(({ status }) => state === 'running' && status === 'running');
      return live.map(({ optimizerId }) => String(optimizerId));
    }),
  );
}

/** Names of the checkpoints of a run. */
export function marks(directory: string): readonly string[] {
  return read(() => readLog(directory, (reader) => reader.checkpoints().map(({ name }) => name)));
}

/** Nobody wants to be told of a wrong directory in the middle of a word. */
function read(from: () => readonly string[]): readonly string[] {
  try {
    return from();
  } catch {
    return [];
  }
}
