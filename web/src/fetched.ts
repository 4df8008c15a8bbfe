import { useEffect, useRef, useState } from 'preact/hooks';

/** Between two questions for the same. */
const EVERY_MS = 1000;
/** So often the same is asked in vain: the connection may be lost for a moment, or the server gone. */
const MOST_ATTEMPTS = 5;

/** What became of a question. */
export interface Fetched<Answer> {
  /** The latest answer; nothing before there is one. When the server does not answer it is the one before. */
  readonly answer: Answer | undefined;
  /** Why the last question had no answer; `undefined` when it had, or is on its way. */
  readonly trouble: Error | undefined;
}

/**
 * Something that the server knows: asked for at once when it becomes something else, and while it stays the same again as the run goes on.
 *
 * @param what says what it is: everything that `ask` depends on
 * @param ask is told when nobody wants its answer any more
 * @param stage asked again when it has changed, once a second at the most: of a live run it changes with every frame
 */
export function useFetched<Answer>(
  what: string,
  stage: string | number,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Fetched<Answer> {
  const [found, setFound] = useState<{ readonly what: string; readonly answer: Answer }>();
  const [lost, setLost] = useState<{ readonly what: string; readonly trouble: Error } | undefined>();
  const latest = useRef({ stage, ask });
  latest.current = { stage, ask };
  useEffect(() => {
    const over = new AbortController();
    const { signal } = over;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked: string | number | undefined;
    let attempts = 0;
    const look = async (): Promise<void> => {
      const { stage: now, ask: askNow } = latest.current;
      if (now !== asked || (attempts > 0 && attempts < MOST_ATTEMPTS)) {
        if (now !== asked) attempts = 0;
        asked = now;
        try {
          const answer = await askNow(signal);
          attempts = 0;
          if (!signal.aborted) {
            setFound({ what, answer });
            setLost(undefined);
          }
        } catch (error) {
          // What is shown stays.
          attempts++;
          const trouble = error instanceof Error ? error : new Error(String(error));
          if (!signal.aborted) setLost({ what, trouble });
        }
      }
      if (!signal.aborted) timer = setTimeout(() => void look(), EVERY_MS);
    };
    void look();
    return () => {
      over.abort();
      clearTimeout(timer);
    };
  }, [what]);
  return {
    answer: found?.what === what ? found.answer : undefined,
    trouble: lost?.what === what ? lost.trouble : undefined,
  };
}

/** A stage of a run that is another one when it has grown by a tenth: for what costs the server something. */
export function stageOf(calls: number): number {
  return Math.round(Math.log2(Math.max(1, calls)) * 8);
}
