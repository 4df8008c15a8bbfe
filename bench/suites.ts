/**
 * Writes bench/suites.md: how the default configuration and others do on the suites of `glompo bench`, beside pycma.
 *
 * usage: node bench/suites.ts [DIR [PART...]], the directory in which the results are gathered; what is there already is not run again. Of parts that are not
 * named (bbob, nist, enso, clusters) the page keeps what it has. All of it takes about an hour of two cores.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';

const [given, ...chosen] = process.argv.slice(2);
const directory = given ?? mkdtempSync(path.join(tmpdir(), 'glompo-suites-'));
const bin = path.join(import.meta.dirname, '..', 'src', 'cli', 'bin.ts');
const config = (name: string): string => path.join(import.meta.dirname, 'configs', `${name}.yaml`);

function bench(into: string, ...args: readonly string[]): string {
  const dir = path.join(directory, into);
  execFileSync(process.execPath, [bin, 'bench', '--into', dir, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return dir;
}

/** The 10^-6 among the targets of `glompo bench`: what counts as solved here. */
const SOLVED = 40;

/** How many seeds came as near to the optimum as 1e-6, by problem, and when. */
function solved(dirs: readonly string[]): string {
  const rows = dirs.flatMap((dir) => {
    const db = new Database(path.join(dir, 'bench.sqlite'), { readonly: true });
    const found = db
      .prepare<[string], { name: string; function: string; dimension: number; runs: number; hits: string }>(
        `SELECT c.name, function, dimension, count(*) AS runs, json_group_array(json_extract(hits, ?)) AS hits
         FROM runs JOIN configurations c USING (configuration) GROUP BY 1, 2, 3 ORDER BY 1, 3, 2`,
      )
      .all(`$[${SOLVED}]`);
    db.close();
    return found;
  });
  return [
    '| configuration | problem | solved | evaluations until then, mean | most |',
    '| --- | --- | ---: | ---: | ---: |',
    ...rows.map(({ name, function: problem, runs, hits }) => {
      const when = (JSON.parse(hits) as (number | null)[]).filter((hit): hit is number => hit !== null);
      const mean = when.reduce((sum, hit) => sum + hit, 0) / when.length;
      const figures = when.length > 0 ? `${Math.round(mean)} | ${Math.max(...when)}` : ' | ';
      return `| ${name} | ${problem} | ${when.length}/${runs} | ${figures} |`;
    }),
  ].join('\n');
}

/** The parts of the page, by their names here, in its order. */
const PARTS: Readonly<Record<string, { readonly title: string; readonly text: () => string }>> = {
  bbob: { title: 'BBOB, instances 1-15, 1,000 n evaluations', text: bbob },
  nist: { title: 'NIST, 50,000 evaluations, bounds ±10 max(|start 1|, |start 2|, |certified|)', text: nist },
  enso: { title: 'El Niño (NIST ENSO), 30,000 evaluations', text: enso },
  clusters: { title: 'Lennard-Jones clusters', text: clusters },
};

function bbob(): string {
  const dir = bench(
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
  const reference = path.join(import.meta.dirname, 'reference', 'pycma-bbob.json');
  const text = execFileSync(process.execPath, [bin, 'bench', 'report', dir, '--reference', reference], {
    encoding: 'utf8',
  });
  return `\`\`\`\n${text.trim()}\n\`\`\``;
}

function nist(): string {
  const dir = bench(
    'nist',
    '--suite',
    'nist',
    '--evaluations',
    '50000',
    '--seeds',
    '1-10',
    config('default'),
  );
  return `Solved: the sum of squares is within 1e-6 of the certified one, relative.\n\n${solved([dir])}`;
}

function benchEnso(into: string, suite: string, ...names: readonly string[]): string {
  return bench(
    into,
    '--suite',
    suite,
    '--functions',
    'ENSO',
    '--evaluations',
    '30000',
    '--seeds',
    '1-20',
    ...names.map(config),
  );
}

function enso(): string {
  const fits = benchEnso('enso', 'nist', 'default', 'multistart', 'multistart-magnitudes');
  const values = benchEnso('enso-values', 'nist-scalar', 'default', 'scalar-fit');
  return `Solved as above. \`multistart\` is \`levenberg-marquardt\` alone, from anywhere in the box, each start to its end; \`multistart-magnitudes\` the same from the starts of \`magnitudes\`.

${solved([fits])}

Told the sum of squares alone, no residuals: \`scalar-fit\` is L-SHADE, and then quasi-Newton descents from near its best point.

${solved([values])}`;
}

function benchClusters(into: string, ...args: readonly string[]): string {
  return bench(into, ...args, '--seeds', '1-20', config('clusters'));
}

function clusters(): string {
  const gradients = ['--suite', 'lennard-jones', '--gradient-cost', '2'];
  // There are 3 N coordinates.
  const small = benchClusters('clusters', ...gradients, '--functions', '2-13', '--budget', '333');
  const large = benchClusters('clusters-38', ...gradients, '--functions', '38', '--evaluations', '10000000');
  const values = benchClusters(
    'clusters-values',
    '--suite',
    'lennard-jones-scalar',
    '--functions',
    '2-8',
    '--budget',
    '3333',
  );
  return `\`configs/clusters.yaml\`: \`cluster-hopping\` with \`l-bfgs-b\`. The problem is the number N of atoms. A call with its gradient counts as two evaluations. Solved: within 1e-6 of the best known energy; of 38 atoms
that is the truncated octahedron, whose funnel is much narrower than that of the icosahedra.

1,000 N evaluations, for 38 atoms 10 million:

${solved([small, large])}

Without gradients, which \`l-bfgs-b\` then takes by differences, 10,000 N evaluations:

${solved([values])}`;
}

const page = path.join(import.meta.dirname, 'suites.md');
/** What the page has of each part. */
const before = new Map(
  readFileSync(page, 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]),
);

writeFileSync(
  page,
  `# How it does on the suites

Written by \`node bench/suites.ts\`; do not edit. One slot (\`maxJobs: 1\`, as in every bench unless the configuration says more), every evaluation of every optimizer counted.
\`default\` is what a configuration without \`optimizers\` and \`hunters\` gives; \`bipop\` is \`cma-es\` alone with \`restarts: bipop\`; pycma's BIPOP had no bounds, ours has the box.

${Object.entries(PARTS)
  .map(([name, { title, text }]) => {
    const isDue = chosen.length === 0 || chosen.includes(name);
    return `## ${title}\n\n${isDue ? text() : (before.get(title) ?? '')}\n`;
  })
  .join('\n')}`,
);
