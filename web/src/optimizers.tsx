import { useState } from 'preact/hooks';
import type { Moment, OptimizerCard } from '../../src/views/story/frame.ts';
import { bestAt, optimizersAt } from '../../src/views/story/moment.ts';
import type { Picture } from '../../src/views/story/picture.ts';
import { fetchOptimizer } from './api.ts';
import { Choice } from './controls.tsx';
import { useFetched } from './fetched.ts';
import { Missing } from './missing.tsx';
import { colours, ENDS, type Look } from './looks.ts';
import type { Steering } from './steering.ts';
import { count, duration, figure } from '../../src/views/story/words.ts';

interface Props {
  readonly picture: Picture;
  readonly until: Moment;
  readonly look: Look;
  readonly steering: Steering;
}

/** More rows than these are shown when asked for. */
const MOST_ROWS = 200;

const ORDERS: Readonly<
  Record<'id' | 'best' | 'evaluations', (a: OptimizerCard, b: OptimizerCard) => number>
> = {
  id: (a, b) => b.id - a.id,
  best: (a, b) => (a.best ?? Infinity) - (b.best ?? Infinity),
  evaluations: (a, b) => b.evaluations - a.evaluations,
};

export function Optimizers({ picture, until, look, steering }: Props): preact.JSX.Element {
  const [which, setWhich] = useState<'all' | OptimizerCard['status']>('all');
  const [order, setOrder] = useState<keyof typeof ORDERS>('id');
  const [isLong, setLong] = useState(false);
  const all = optimizersAt(picture, until);
  const holder = bestAt(picture, until)?.optimizer;
  const found = all.filter(({ status }) => which === 'all' || status === which).toSorted(ORDERS[order]);
  const shown = isLong ? found : found.slice(0, MOST_ROWS);
  const colour = colours(picture);
  const selected = all.find(({ id }) => id === look.selected);
  return (
    <section aria-labelledby="optimizers-title">
      <h2 id="optimizers-title">Optimizers</h2>
      {selected && <Detail optimizer={selected} picture={picture} until={until} look={look} />}
      <div class="controls">
        <Choice
          label="show"
          value={which}
          choices={{
            all: 'all',
            running: 'running',
            killed: 'killed',
            converged: 'converged',
            stopped: 'stopped',
            crashed: 'crashed',
          }}
          onChange={setWhich}
        />
        <Choice
          label="by"
          value={order}
          choices={{ id: 'latest first', best: 'best value', evaluations: 'evaluations' }}
          onChange={setOrder}
        />
      </div>
      <div class="wide" tabIndex={0} role="region" aria-label="Table of optimizers">
        <table>
          <thead>
            <tr>
              <th scope="col">optimizer</th>
              <th scope="col">type</th>
              <th scope="col">state</th>
              <th scope="col" class="number">
                evaluations
              </th>
              <th scope="col" class="number">
                current
              </th>
              <th scope="col" class="number">
                best
              </th>
              <th scope="col" class="number">
                started
              </th>
              <th scope="col" class="number">
                ended
              </th>
              {steering.isPossible && (
                <th scope="col">
                  <span class="hidden">steer</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.id} class={one.id === look.selected ? 'selected' : ''}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    aria-pressed={one.id === look.selected}
                    onClick={() => {
                      look.select(one.id === look.selected ? undefined : one.id);
                    }}
                  >
                    <span class="swatch" style={{ background: colour(one) }} /> {one.id}
                    {one.id === holder && (
                      <span title="holds the best value">
                        {' '}
                        ★<span class="hidden"> holds the best value</span>
                      </span>
                    )}
                  </button>
                </th>
                <td>
                  {one.type}
                  {one.workers > 1 && ` ×${one.workers}`}
                </td>
                <td>
                  <Status status={one.status} />
                </td>
                <td class="number">{isKnown(one, until) ? evaluationsOf(one) : '–'}</td>
                <td class="number">{figure(one.current)}</td>
                <td class="number">{figure(one.best)}</td>
                <td class="number">{duration(one.started.time)}</td>
                <td class="number">{one.ended ? duration(one.ended.time) : ''}</td>
                {steering.isPossible && (
                  <td>
                    {one.status === 'running' && (
                      <button
                        type="button"
                        onClick={() => {
                          steering.stopOptimizer(one.id);
                        }}
                      >
                        Stop<span class="hidden"> optimizer {one.id}</span>
                      </button>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.length === 0 && <p>There are none.</p>}
      {found.length > shown.length && (
        <button
          type="button"
          onClick={() => {
            setLong(true);
          }}
        >
          Show all {count(found.length)}
        </button>
      )}
    </section>
  );
}

/** Of one that had not ended by then, the picture has its values and not how many they were. */
function isKnown({ ended }: OptimizerCard, until: Moment): boolean {
  return until.call === Infinity || ended !== null;
}

function evaluationsOf({ evaluations, failed }: OptimizerCard): string {
  return failed > 0
    ? `${count(evaluations)} (${count(failed)} without a feasible value)`
    : count(evaluations);
}

function Status({ status }: { readonly status: OptimizerCard['status'] }): preact.JSX.Element {
  const end = ENDS.find((one) => one.status === status);
  return (
    <span>
      {end && (
        <b class={`sign ${status}`} aria-hidden="true">
          {end.sign}{' '}
        </b>
      )}
      {status}
    </span>
  );
}

/** All that the log has of one. */
function Detail({
  optimizer,
  picture,
  until,
  look,
}: {
  readonly optimizer: OptimizerCard;
  readonly picture: Picture;
  readonly until: Moment;
  readonly look: Look;
}): preact.JSX.Element {
  const { answer: detail, trouble } = useFetched(String(optimizer.id), optimizer.status, async () =>
    fetchOptimizer(optimizer.id),
  );
  return (
    <aside class="detail" aria-label={`Optimizer ${optimizer.id}`}>
      <h3>
        Optimizer {optimizer.id}: {optimizer.type}{' '}
        <button
          type="button"
          onClick={() => {
            look.select(undefined);
          }}
        >
          Close
        </button>
      </h3>
      <p>
        {optimizer.status}, {isKnown(optimizer, until) && `${count(optimizer.evaluations)} evaluations, `}best{' '}
        {figure(optimizer.best)}
        {optimizer.bestCall !== null && ` at call ${count(optimizer.bestCall)}`}
      </p>
      {!detail && <Missing trouble={trouble} picture={picture} />}
      {detail && (
        <>
          {detail.reason !== null && optimizer.status !== 'running' && <p class="reason">{detail.reason}</p>}
          <dl>
            {Object.entries(detail.options).map(([name, option]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{typeof option === 'string' ? option : JSON.stringify(option)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </aside>
  );
}
