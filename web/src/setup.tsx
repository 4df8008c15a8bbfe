import type { Picture } from '../../src/views/story/picture.ts';
import { count, duration, figure } from '../../src/views/story/words.ts';

/** What the run is: its configuration as resolved, versions, and what it found. */
export function Setup({ picture: { facts, run } }: { readonly picture: Picture }): preact.JSX.Element {
  const { versions, config, names, minima } = facts;
  return (
    <section aria-labelledby="setup-title">
      <h2 id="setup-title">Setup</h2>
      <dl>
        <div>
          <dt>directory</dt>
          <dd>{facts.directory}</dd>
        </div>
        <div>
          <dt>started</dt>
          <dd>{new Date(facts.startedAt).toLocaleString()}</dd>
        </div>
        {facts.endedAt !== null && (
          <div>
            <dt>ended</dt>
            <dd>
              {new Date(facts.endedAt).toLocaleString()}, after {duration(run.time)}
            </dd>
          </div>
        )}
        <div>
          <dt>seed</dt>
          <dd>{facts.seed ?? 'unknown'}</dd>
        </div>
        <div>
          <dt>slots</dt>
          <dd>
            {facts.slots} ({facts.backend})
          </dd>
        </div>
        <div>
          <dt>versions</dt>
          <dd>
            glompo {versions.glompo}, Node.js {versions.node}, {versions.platform}
          </dd>
        </div>
        <div>
          <dt>machine</dt>
          <dd>{versions.host}</dd>
        </div>
        {run.stopReason !== null && (
          <div>
            <dt>stopped by</dt>
            <dd>{run.stopReason}</dd>
          </div>
        )}
      </dl>
      {minima.length > 0 && (
        <>
          <h3>Separate minima</h3>
          <div class="wide" tabIndex={0} role="region" aria-label="Table of minima">
            <table>
              <thead>
                <tr>
                  <th scope="col" class="number">
                    value
                  </th>
                  <th scope="col" class="number">
                    call
                  </th>
                  <th scope="col" class="number">
                    ended there
                  </th>
                  <th scope="col" class="number">
                    converged
                  </th>
                  {names.map((name) => (
                    <th scope="col" class="number" key={name}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {minima.slice(0, 50).map((minimum) => (
                  <tr key={minimum.callId}>
                    <td class="number">{figure(minimum.fx, 9)}</td>
                    <td class="number">{count(minimum.callId)}</td>
                    <td class="number">{minimum.hits}</td>
                    <td class="number">{minimum.converged}</td>
                    {minimum.x.map((number, i) => (
                      <td class="number" key={names[i]}>
                        {figure(number, 5)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      <h3>Configuration as resolved</h3>
      <pre class="wide" tabIndex={0}>
        {JSON.stringify(config, null, 2)}
      </pre>
    </section>
  );
}
