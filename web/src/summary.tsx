import { useState } from 'preact/hooks';
import type { Moment } from '../../src/views/story/frame.ts';
import { bestAt, evaluationsAt, optimizersAt, slotsAt } from '../../src/views/story/moment.ts';
import type { Picture } from '../../src/views/story/picture.ts';
import { fetchEvaluation } from './api.ts';
import { useFetched } from './fetched.ts';
import { Missing } from './missing.tsx';
import { bytes, count, duration, percent, figure } from '../../src/views/story/words.ts';

/** How the run stands, in a few figures. */
export function Summary({
  picture,
  until,
}: {
  readonly picture: Picture;
  readonly until: Moment;
}): preact.JSX.Element {
  const { run } = picture;
  const isNow = until.call === Infinity;
  const best = bestAt(picture, until);
  const optimizers = optimizersAt(picture, until);
  const running = optimizers.filter(({ status }) => status === 'running');
  const evaluations = evaluationsAt(picture, until);
  const time = isNow ? run.time : until.time;
  const ended = (status: string): number => optimizers.filter((one) => one.status === status).length;
  const left = isNow ? run.timeLeft : null;
  const isLive = !isNow || run.state === 'running';
  const slots = slotsAt(picture, until);
  const used = running.reduce((sum, { workers }) => sum + workers, 0);
  return (
    <div class="cards">
      <div class="card best" data-testid="best">
        <h2>Best value</h2>
        <b>{figure(best?.fx, 10)}</b>
        {best && (
          <span>
            call {count(best.call)}
            {best.optimizer > 0 && `, optimizer ${best.optimizer}`},{' '}
            {isNow && run.state === 'running'
              ? `${duration(Math.max(0, time - best.time))} ago`
              : `after ${duration(best.time)}`}
          </span>
        )}
        {best && <Point call={best.call} picture={picture} />}
      </div>
      <div class="card" data-testid="evaluations">
        <h2>Evaluations</h2>
        <b>{count(evaluations)}</b>
        {run.budget !== null && (
          <>
            <progress max={run.budget} value={evaluations} aria-label="part of the budget" />
            <span>of {count(run.budget)}</span>
          </>
        )}
        <span>
          {time > 0 ? `${count(Number(((1000 * evaluations) / time).toPrecision(3)))} a second` : ''}
          {run.worthless > 0 && isNow ? `, ${count(run.worthless)} without a feasible value` : ''}
        </span>
      </div>
      <div class="card" data-testid="time">
        <h2>Time</h2>
        <b>{duration(time)}</b>
        {left !== null && <span>about {duration(left)} left</span>}
        {run.budgetSeconds !== null && <span>of {duration(1000 * run.budgetSeconds)}</span>}
      </div>
      <div class="card" data-testid="optimizers">
        <h2>Optimizers</h2>
        <b>
          {count(isLive ? running.length : optimizers.length)} <small>{isLive ? 'running' : 'started'}</small>
        </b>
        <span>
          {isLive && `${count(optimizers.length)} started, `}
          {count(ended('killed'))} killed, {count(ended('converged'))} converged
          {ended('stopped') > 0 && `, ${count(ended('stopped'))} stopped`}
          {ended('crashed') > 0 && `, ${count(ended('crashed'))} crashed`}
        </span>
      </div>
      <div class="card" data-testid="slots">
        <h2>Slots</h2>
        <b>
          {used} <small>of {slots.all}</small>
        </b>
        <span>{percent(slots.share)} of their time evaluating</span>
        {isNow && run.resources && (
          <span>
            {run.resources.cores.toFixed(1)} cores, {bytes(run.resources.memoryBytes)}, load{' '}
            {run.resources.load.toFixed(1)}
          </span>
        )}
      </div>
    </div>
  );
}

/** The best evaluation itself. */
function Point({ call, picture }: { readonly call: number; readonly picture: Picture }): preact.JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { answer: found, trouble } = useFetched(isOpen ? String(call) : '', 0, async () =>
    isOpen ? fetchEvaluation(call) : undefined,
  );
  const columns = Object.entries(found?.extras ?? {});
  return (
    <details
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>where</summary>
      {trouble && !found ? (
        <Missing trouble={trouble} picture={picture} />
      ) : (
        <dl>
          {picture.facts.names.map((name, i) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{figure(found?.x[i], 7)}</dd>
            </div>
          ))}
          {columns.map(([name, column]) => (
            <div key={name}>
              <dt>extras: {name}</dt>
              <dd>{typeof column === 'number' ? figure(column) : JSON.stringify(column)}</dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}
