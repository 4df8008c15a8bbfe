import { type ClusterFigures, clusterLine, hostsOf } from '../../src/log/cluster-figures.ts';
import type { VitalsHistory } from '../../src/views/story/frame.ts';
import type { Picture } from '../../src/views/story/picture.ts';
import { Chart, type Pen } from './chart.tsx';
import { timeTick } from '../../src/views/story/ticks.ts';
import { bytes, count, percent } from '../../src/views/story/words.ts';

const SHARES = {
  evaluating: 'evaluating',
  startUp: 'starting up',
  credits: 'waiting for the manager',
  maths: 'the optimizers’ own computing',
  stragglers: 'waiting for the slowest of a generation',
} as const;

/** Who evaluates on other machines. */
function Workers({ cluster }: { readonly cluster: ClusterFigures }): preact.JSX.Element {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="Table of workers">
      <table>
        <caption>{clusterLine(cluster)}</caption>
        <thead>
          <tr>
            <th scope="col">host</th>
            {['workers', 'slots', 'evaluations'].map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hostsOf(cluster).map(({ host, workers, slots, evaluations }) => (
            <tr key={host}>
              <th scope="row">{host}</th>
              <td class="number">{workers}</td>
              <td class="number">{slots}</td>
              <td class="number">{count(evaluations)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the run takes of the machine, and where the time of its slots goes. */
export function Machine({ picture }: { readonly picture: Picture }): preact.JSX.Element {
  const { run, facts } = picture;
  const { resources, utilisation, cluster } = run;
  const history = facts.history;
  return (
    <section aria-labelledby="machine-title">
      <h2 id="machine-title">Machine</h2>
      {resources ? (
        <p>
          {resources.processes} processes, {resources.cores.toFixed(1)} cores, {bytes(resources.memoryBytes)}
          {resources.peakMemoryBytes !== undefined && ` (at most ${bytes(resources.peakMemoryBytes)})`}, load
          of the machine {resources.load.toFixed(1)}
        </p>
      ) : (
        <p>Nothing was measured: the run has not taken half a second.</p>
      )}
      {cluster && <Workers cluster={cluster} />}
      {utilisation && (
        <div class="wide" tabIndex={0} role="region" aria-label="Table of the slots’ time">
          <table>
            <caption>Where the time of occupied slots went</caption>
            <tbody>
              {(Object.keys(SHARES) as (keyof typeof SHARES)[]).map((key) => (
                <tr key={key}>
                  <th scope="row">{SHARES[key]}</th>
                  <td class="number">{percent(utilisation.time[key])}</td>
                  <td>
                    <meter min={0} max={1} value={utilisation.time[key]} aria-label={SHARES[key]} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {utilisation?.advice.map((advice) => (
        <p key={advice}>{advice}</p>
      ))}
      {history && history.at.length > 1 && (
        <>
          <History
            history={history}
            label="Cores"
            values={history.cores}
            startedAt={facts.startedAt}
            format={(cores) => cores.toFixed(1)}
          />
          <History
            history={history}
            label="Memory"
            values={history.memoryBytes}
            startedAt={facts.startedAt}
            format={bytes}
          />
          <History
            history={history}
            label="Load of the machine"
            values={history.load}
            startedAt={facts.startedAt}
            format={(load) => load.toFixed(1)}
          />
        </>
      )}
    </section>
  );
}

function History({
  history,
  label,
  values,
  startedAt,
  format,
}: {
  readonly history: VitalsHistory;
  readonly label: string;
  readonly values: readonly number[];
  readonly startedAt: number;
  readonly format: (value: number) => string;
}): preact.JSX.Element {
  const times = history.at.map((at) => at - startedAt);
  const top = Math.max(...values) || 1;
  const draw = ({ context, at, ratio, colour }: Pen): void => {
    context.strokeStyle = colour('--accent');
    context.lineWidth = 1.5 * ratio;
    context.beginPath();
    times.forEach((time, i) => {
      const [x, y] = at(time, values[i]!);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.stroke();
  };
  return (
    <>
      <h3>{label}</h3>
      <Chart
        label={`${label} over the run: at most ${format(top)}.`}
        height={140}
        x={{
          range: [0, Math.max(1, times.at(-1)!)],
          label: 'time since it began',
          format: timeTick,
          isTime: true,
        }}
        y={{ range: [0, 1.05 * top], label: '', format }}
        draw={draw}
      />
    </>
  );
}
