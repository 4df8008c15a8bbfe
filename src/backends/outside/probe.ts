import type { JsonObject } from '../../core/json.ts';
import { systemClock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Parameter } from '../../space/parameter.ts';
import { Space } from '../../space/space.ts';
import { ProgramSource } from './program-source.ts';
import { launchOf } from './source.ts';

/** What is not ready by then will not get ready in any host either. */
const READY_SECONDS = 60;

/**
 * Starts an optimizer that is a program, and ends it when it is ready.
 *
 * @returns what is wrong with it, in one line; `undefined` when nothing is
 */
export async function probeOptimizer(
  use: { readonly name: string; readonly options: JsonObject; readonly workers: number },
  parameters: readonly Parameter[],
  isReproducible: boolean,
): Promise<string | undefined> {
  const { dimension, steps } = new Space(parameters);
  const { options, patienceSeconds, ...launch } = launchOf({ type: use.name, options: use.options });
  await using source = new ProgramSource({
    ...launch,
    start: {
      optimizer: 0,
      dimension,
      start: Array.from({ length: dimension }, () => 0.5),
      seed: 0,
      workers: use.workers,
      steps,
      reproducible: isReproducible,
      options,
    },
    patienceSeconds: Math.min(patienceSeconds, READY_SECONDS),
    clock: systemClock,
    print: () => {},
  });
  try {
    await source.open();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
