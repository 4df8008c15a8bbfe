/**
 * Writes bench/suites.md: how the default configuration and others do on the suites of `glompo bench`, beside pycma.
 *
 * usage: node bench/suites.ts [DIR], the directory in which the results are gathered; what is there already is not run again. All of it takes about 20
 * minutes of two cores.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';

const directory = process.argv[2] ?? mkdtempSync(path.join(tmpdir(), 'glompo-suites-'));
const bin = path.join(import.meta.dirname, '..', 'src', 'cli', 'bin.ts');
const config = (name: string): string => path.join(import.meta.dirname, 'configs', `${name}.yaml`);

function bench(into: string, ...args: readonly string[]): string {
  const dir = path.join(directory, into);
  execFileSync(process.execPath, [bin, 'bench', '--into', dir, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return dir;
}

/** How many seeds came as near to the optimum as `within`, by problem. */
function solved(dir: string, within: number): string {
  const db = new Database(path.join(dir, 'bench.sqlite'), { readonly: true });
  const rows = db
    .prepare<[number], { name: string; function: string; solved: number; runs: number; middle: number }>(
      `SELECT c.name, function, sum(best <= ?) AS solved, count(*) AS runs, avg(evaluations) AS middle
       FROM runs JOIN configurations c USING (configuration) GROUP BY 1, 2, dimension ORDER BY 1, dimension, 2`,
    )
    .all(within);
  db.close();
  return [
    '| configuration | problem | solved | evaluations, mean |',
    '| --- | --- | ---: | ---: |',
    ...rows.map(
      (row) => `| ${row.name} | ${row.function} | ${row.solved}/${row.runs} | ${Math.round(row.middle)} |`,
    ),
  ].join('\n');
}

const bbob = bench(
  'bbob',
  '--suite',
  'bbob',
  '--dimensions',
  '5,10,20',
  '--instances',
  '1-15',
  config('default'),
  config('bipop'),
);
const nist = bench('nist', '--suite', 'nist', '--evaluations', '50000', '--seeds', '1-10', config('default'));
// A call with its gradient counts as two: 1,000 N evaluations are 500 N of them, and there are 3 N coordinates.
const clusters = bench(
  'lennard-jones',
  '--suite',
  'lennard-jones',
  '--functions',
  '2-13',
  '--budget',
  '166',
  '--seeds',
  '1-20',
  config('clusters'),
);

const reference = path.join(import.meta.dirname, 'reference', 'pycma-bbob.json');
const text = execFileSync(process.execPath, [bin, 'bench', 'report', bbob, '--reference', reference], {
  encoding: 'utf8',
});

writeFileSync(
  path.join(import.meta.dirname, 'suites.md'),
  `# How it does on the suites

Written by \`node bench/suites.ts\`; do not edit. One slot (\`maxJobs: 1\`, as in every bench unless the configuration says more), every evaluation of every optimizer counted.
\`default\` is what a configuration without \`optimizers\` and \`hunters\` gives; \`bipop\` is \`cma-es\` alone with \`restarts: bipop\`; pycma's BIPOP had no bounds, ours has the box.

## BBOB, instances 1-15, 1,000 n evaluations

\`\`\`
${text.trim()}
\`\`\`

## NIST, 50,000 evaluations, bounds ±10 max(|start 1|, |start 2|, |certified|)

Solved: the sum of squares is within 1e-6 of the certified one, relative.

${solved(nist, 1e-6)}

## Lennard-Jones clusters, 500 N calls with a gradient

\`configs/clusters.yaml\`: basin hopping with \`l-bfgs-b\`. Solved: within 1e-6 of the best known energy.

${solved(clusters, 1e-6)}
`,
);
