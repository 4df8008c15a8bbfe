import type { Picture } from '../../src/views/story/picture.ts';
import type { Knowledge } from './store.ts';
import type { Steering } from './steering.ts';

/** Which run it is, how it stands, and what can be done to it. */
export function Header({
  picture,
  knowledge,
  steering,
}: {
  readonly picture: Picture;
  readonly knowledge: Knowledge;
  readonly steering: Steering;
}): preact.JSX.Element {
  const { run, facts } = picture;
  const state = run.isPaused ? 'paused' : run.state;
  const name = facts.directory.replace(/\/+$/, '').split('/').at(-1) ?? facts.directory;
  return (
    <header>
      <h1 title={facts.directory}>{name}</h1>
      <span class={`state ${state}`} role="status">
        {state}
        {run.isPaused && run.pauseReason !== null && `: ${run.pauseReason}`}
        {run.state !== 'running' && run.stopReason !== null && <small> {run.stopReason}</small>}
      </span>
      {steering.isPossible && (
        <div class="buttons">
          {run.isPaused ? (
            <button
              type="button"
              onClick={() => {
                steering.give({ command: 'unpause' });
              }}
            >
              Go on
            </button>
          ) : (
            <button
              type="button"
              onClick={() => {
                steering.give({ command: 'pause' });
              }}
            >
              Pause
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              steering.give({ command: 'checkpoint' });
            }}
          >
            Checkpoint
          </button>
          <button
            type="button"
            class="danger"
            onClick={() => {
              if (confirm('End the run? What runs may finish, and it can be resumed.'))
                steering.give({ command: 'stop' });
            }}
          >
            Stop the run
          </button>
        </div>
      )}
      <p class="message" role="status">
        {steering.message}
      </p>
      <Notices knowledge={knowledge} picture={picture} />
    </header>
  );
}

function Notices({
  knowledge,
  picture,
}: {
  readonly knowledge: Knowledge;
  readonly picture: Picture;
}): preact.JSX.Element {
  const { run, read, facts } = picture;
  return (
    <>
      {knowledge.connection === 'connecting' && (
        <p class="notice" role="alert">
          The connection is lost; trying again.
        </p>
      )}
      {knowledge.connection === 'gone' && (
        <p class="notice" role="status">
          This page is served no more, and stays as it is. To look at the run again:{' '}
          <code>glompo dashboard {facts.directory}</code>
        </p>
      )}
      {knowledge.trouble !== undefined && (
        <p class="notice" role="alert">
          {knowledge.trouble}
        </p>
      )}
      {read.calls < read.of && (
        <p class="notice" role="status">
          Reading the log:{' '}
          <progress max={read.of} value={read.calls} aria-label="part of the log that was read" />
        </p>
      )}
      {(run.state === 'crashed' || run.state === 'suspended') && (
        <p class="notice" role="status">
          {run.state === 'crashed'
            ? 'Its manager was killed; nothing that was logged is lost.'
            : 'It was suspended.'}{' '}
          To go on: <code>glompo resume {facts.directory}</code>
        </p>
      )}
    </>
  );
}
