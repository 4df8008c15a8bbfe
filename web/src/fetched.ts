import { useEffect, useRef, useState } from 'preact/hooks';

/** Between two questions for the same. */
const EVERY_MS = 1000;

/**
 * Something that the server knows: asked for at once when it becomes something else, and while it stays the same again as the run goes on.
 *
 * @param what says what it is: everything that `ask` depends on
 * @param ask is told when nobody wants its answer any more
 * @param stage asked again when it has changed, once a second at the most: of a live run it changes with every frame
 * @returns the latest answer for that; nothing before there is one, and the one before when the server does not answer
 */
export function useFetched<Answer>(
  what: string,
  stage: string | number,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Answer | undefined {
  const [found, setFound] = useState<{ readonly what: string; readonly answer: Answer }>();
  const latest = useRef({ stage, ask });
  latest.current = { stage, ask };
  useEffect(() => {
    const over = new AbortController();
    const { signal } = over;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked: string | number | undefined;
    const look = async (): Promise<void> => {
      const { stage: now, ask: askNow } = latest.current;
      if (now !== asked) {
        asked = now;
        try {
          const answer = await askNow(signal);
          if (!signal.aborted) setFound({ what, answer });
        } catch {
          // What is shown stays; if the server is gone, the page says so.
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
  return found?.what === what ? found.answer : undefined;
}

/** A stage of a run that is another one when it has grown by a tenth: for what costs the server something. */
export function stageOf(calls: number): number {
  return Math.round(Math.log2(Math.max(1, calls)) * 8);
}
