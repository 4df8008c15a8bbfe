import { useEffect, useState } from 'preact/hooks';
import type { Moment } from '../../src/views/story/frame.ts';
import { momentOf, NOW } from '../../src/views/story/moment.ts';
import type { Picture } from '../../src/views/story/picture.ts';
import { count, duration } from '../../src/views/story/words.ts';

/** A whole run takes so long. */
const REPLAY_MS = 12_000;
const STEP_MS = 50;

/** Back to any moment of the run, and on from there. */
export function Replay({
  picture,
  until,
  onMove,
}: {
  readonly picture: Picture;
  readonly until: Moment;
  readonly onMove: (until: Moment) => void;
}): preact.JSX.Element {
  const [isPlaying, setPlaying] = useState(false);
  const last = picture.read.calls;
  const call = Math.min(until.call, last);
  const isNow = until.call === Infinity;
  const isLive = picture.run.state === 'running';

  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      const next = call + (last * STEP_MS) / REPLAY_MS;
      if (next >= last) setPlaying(false);
      onMove(momentOf(picture, next));
    }, STEP_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [isPlaying, call, last]);

  return (
    <div class="replay" role="group" aria-label="Replay">
      <button
        type="button"
        disabled={last === 0}
        onClick={() => {
          if (!isPlaying && isNow) onMove(momentOf(picture, 0));
          setPlaying(!isPlaying);
        }}
      >
        {isPlaying ? 'Hold' : 'Replay'}
      </button>
      <input
        type="range"
        min={0}
        max={last}
        step="any"
        value={call}
        aria-label="moment of the run, by evaluations"
        aria-valuetext={`call ${Math.floor(call)} of ${last}`}
        onInput={({ currentTarget }) => {
          setPlaying(false);
          onMove(momentOf(picture, Number(currentTarget.value)));
        }}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[
            event.key
          ];
          if (step === undefined) return;
          event.preventDefault();
          setPlaying(false);
          onMove(momentOf(picture, Math.max(0, call + (step * last) / 100)));
        }}
      />
      <span class="moment" aria-live="off">
        {isNow ? (isLive ? 'live' : 'the end') : `call ${count(Math.floor(call))}, ${duration(until.time)}`}
      </span>
      <button
        type="button"
        disabled={isNow}
        onClick={() => {
          setPlaying(false);
          onMove(NOW);
        }}
      >
        {isLive ? 'Live' : 'To the end'}
      </button>
    </div>
  );
}
