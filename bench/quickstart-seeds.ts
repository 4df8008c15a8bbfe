/**
 * How reliably the quickstart finds the certified minimum, `glompo run configs/quickstart.yaml --seed S` for S = 1 .. 20, and how reliably the
 * defaults do: the same task and parameters, and nothing else but the budget. Writes quickstart-seeds.md beside this file.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';

const CERTIFIED = 788.5398;
const TOLERANCE = 1e-6;

interface Result {
  readonly fx: number;
  readonly evaluations: number;
  readonly optimizers: Readonly<Record<'started' | 'killed' | 'converged' | 'crashed', number>>;
  readonly wallSeconds: number;
}

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));

/** Task and parameters of the quickstart alone. */
const defaults = path.join(folder, 'defaults.yaml');
const [, parameters] = /^(parameters:\n(?: .*\n)+)/m.exec(
  readFileSync(path.join(root, 'configs/quickstart.yaml'), 'utf8'),
)!;
writeFileSync(
  defaults,
  `task: { module: ${path.join(root, 'examples/el-nino.ts')} }\n${parameters}stop: { max-evaluations: 30000 }\n`,
);

function run(config: string, seed: number): Result {
  const args = [
    'run',
    config,
    '--seed',
    String(seed),
    '--dir',
    path.join(folder, 'run'),
    '--overwrite',
    '--no-report',
    '--json',
  ];
  const output = execFileSync(process.execPath, [path.join(root, 'dist/cli/bin.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output) as Result;
}

function measure(title: string, config: string, budget: number): string {
  const rows: string[] = [];
  let reached = 0;
  const used: number[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    const { fx, evaluations, optimizers, wallSeconds } = run(config, seed);
    const isReached = fx <= CERTIFIED * (1 + TOLERANCE) && evaluations <= budget;
    if (isReached) {
      reached++;
      used.push(evaluations);
    }
    const { started, killed, converged } = optimizers;
    const row = `| ${seed} | ${fx.toFixed(6)} | ${isReached ? 'yes' : 'no'} | ${evaluations} | ${started} | ${killed} | ${converged} | ${wallSeconds.toFixed(1)} |`;
    rows.push(row);
    console.error(row);
  }
  used.sort((a, b) => a - b);
  return `## ${title}

Reached: fx <= ${CERTIFIED} · (1 + 1e-6) within ${budget} evaluations.
**${reached} of 20 seeds reached the certified minimum**, the median of these with ${used[used.length >> 1]} evaluations.

| seed | fx | reached | evaluations | started | killed | converged | seconds |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

const tables = [
  measure('The quickstart', 'configs/quickstart.yaml', 40_000),
  measure('The defaults: task and parameters alone', defaults, 30_000),
];
rmSync(folder, { recursive: true });
writeFileSync(
  path.join(import.meta.dirname, 'quickstart-seeds.md'),
  `# El Niño over 20 seeds

Made by \`node bench/quickstart-seeds.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.
On several threads the interleaving differs from run to run, and so do these figures, a little.

${tables.join('\n')}`,
);
