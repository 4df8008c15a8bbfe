import type { Dialogue } from './dialogue.ts';
import type { Control } from './protocol.ts';
import type { RoundPace } from './round-pace.ts';
import type { Savable } from './saver.ts';

export type HostPhase = 'new' | 'loading' | 'running' | 'finishing' | 'ended';

/** How a host stands. */
interface Standing {
  readonly phase: HostPhase;
  readonly finish: Control['finish'];
  readonly rounds: RoundPace | undefined;
  /** Only of one that runs or ends. */
  readonly dialogue: Dialogue;
  readonly lastInjected: number;
}

/** What a host can save of its optimizer, and when. */
export function savableOf(now: () => Standing): Savable {
  return {
    get isWhole() {
      const { phase, finish, rounds, dialogue } = now();
      // Within a round other operations follow, in the same batch of the log.
      if (rounds) return phase === 'running' && rounds.left === 0 && dialogue.running === 0;
      // Of candidates that were given up nothing is known any more.
      return phase === 'running' || (phase === 'finishing' && finish === 'drain');
    },
    prepare() {
      const { phase, dialogue } = now();
      return phase !== 'running' || (dialogue.source.elsewhere?.prepare() ?? true);
    },
    save() {
      const { dialogue, lastInjected } = now();
      return { ...dialogue.save(), lastInjected };
    },
  };
}
