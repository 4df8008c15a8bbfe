import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bench, Benchmark, Table } from '../harness/benchmark.ts';
import { interleaved, ratio } from '../harness/measure.ts';

/** What GloMPO, the Python package that glompo is modelled on, does with this problem: evaluations a second, measured once on such a machine. */
const GLOMPO = 3700;

/** The same of every backend: hunted, logged, its optimizers replaced as they converge or are killed. */
const configOf = (backend: string, evaluations: number): string => `
task: { benchmark: rastrigin, dimension: 20 }
optimizers: [{ cma-es: { populationSize: 12 } }]
hunters:
  any:
    - all: [{ evaluations-unmoving: { calls: 100, tolerance: 0.01 } }, { value-annealing: { survivalAtTwice: 0.1 } }]
    - best-unmoving: { calls: 2000, tolerance: 0.2 }
stop: { max-evaluations: ${evaluations} }
manager: { maxJobs: 2, backend: ${backend}, huntFrequency: 500, seed: 1 }
`;

export const managedRate: Benchmark = {
  name: 'managed-rate',
  title: 'Managed, hunted and logged, beside an unmanaged archipelago',
  about: `
Rastrigin's function in 20-D, two CMA-ES at a time with a population of 12. Ours: \`glompo run\` as it is built, a hunt every 500 evaluations, every
evaluation committed to the log, from the start of the first optimizer to the end of the run; killed and converged optimizers are replaced, some hundred
times. pagmo2: an archipelago of two islands (\`bench/peers/pagmo.cpp\`), C++ and Eigen, nothing managed and nothing logged, from the start of its evolution
to its end. The goal is 1.0 of pagmo2, and 40 times GloMPO's ${GLOMPO.toLocaleString('en-US')}.`,
  run: async (bench) => [await rates(bench)],
};

async function rates({ folder, isQuick, peers, say }: Bench): Promise<Table> {
  const evaluations = isQuick ? 500_000 : 4_000_000;
  const ours = (backend: string) => (): number => {
    const config = path.join(folder, `${backend}.yaml`);
    writeFileSync(config, configOf(backend, evaluations));
    const rate = runRate(config, path.join(folder, 'run'));
    say(`${backend} ${Math.round(rate)}/s`);
    return rate;
  };
  const archipelago = (): number | undefined => peers.pagmo('archipelago', 20, evaluations, 7)?.['rate'];
  const python = (module: string, count: number) => (): number | undefined =>
    peers.python(module, 'rastrigin.py', module, count)?.['rate'];
  const found = await interleaved(isQuick ? 1 : 3, {
    threads: ours('threads'),
    processes: ours('processes'),
    pagmo: archipelago,
    scipy: python('scipy', 50_000),
    deap: python('deap', 20_000),
  });
  return {
    title: 'Evaluations a second',
    columns: [
      { name: '' },
      { name: 'evaluations', unit: '/s', better: 'higher' },
      { name: 'against pagmo2', better: 'higher' },
      { name: 'against GloMPO', better: 'higher' },
    ],
    rows: [
      ['glompo, threads', found.threads, ratio(found.threads, found.pagmo), found.threads!.median / GLOMPO],
      [
        'glompo, processes',
        found.processes,
        ratio(found.processes, found.pagmo),
        found.processes!.median / GLOMPO,
      ],
      ...(['pagmo', 'scipy', 'deap'] as const).map((name) => {
        const peer = found[name];
        return [PEERS[name], peer, ratio(peer, found.pagmo), peer && peer.median / GLOMPO];
      }),
    ],
  };
}

const PEERS = {
  pagmo: 'pagmo2, archipelago of 2 islands',
  scipy: 'SciPy, differential_evolution, 2 processes',
  deap: 'DEAP, 2 CMA-ES in 2 processes',
};

const bin = path.resolve(import.meta.dirname, '..', '..', 'dist', 'cli', 'bin.js');

function runRate(config: string, dir: string): number {
  const output = execFileSync(process.execPath, [bin, 'run', config, '--dir', dir, '--overwrite', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { evaluations, wallSeconds } = JSON.parse(output) as { evaluations: number; wallSeconds: number };
  return evaluations / wallSeconds;
}
