import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { hasServer } from '../backends/cluster/support.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

const url = new URL('../../src/pool.ts', import.meta.url).href;
const hasMpirun = spawnSync('mpirun', ['--version'], { stdio: 'ignore' }).status === 0;
if (!hasServer) console.warn('no nats-server here: programs that are started many times are not tested');
if (!hasMpirun) console.warn('no mpirun here: programs that it starts are not tested');

/** What these programs begin with. `together` returns when it was called so often, side by side. */
const BEGINNING = `import { Pool } from ${JSON.stringify(url)};
const dir = import.meta.dirname + '/here';
const together = async (x, dir, count) => {
  const { mkdirSync, readdirSync, writeFileSync } = process.getBuiltinModule('node:fs');
  mkdirSync(dir, { recursive: true });
  writeFileSync(dir + '/' + x, '');
  while (readdirSync(dir).length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  return [x, process.ppid];
};
`;

/** Two pools, one after the other. */
const TOGETHER = `${BEGINNING}for (const round of [0, 1]) {
  await using pool = new Pool({ backend: 'cluster' });
  const isMain = await pool.main();
  const found = isMain && (await pool.map(together, [0, 1, 2], Array(3).fill(dir + round), [3, 3, 3]));
  console.log(JSON.stringify({ round, rank: pool.rank(), pid: process.pid, isMain, found }));
}
`;

interface Told {
  readonly round: number;
  readonly rank: number;
  readonly pid: number;
  readonly isMain: boolean;
  readonly found: readonly (readonly [x: number, parent: number])[] | false;
}

/** As many processes of a program as a launcher would start on one machine. */
function startAll(file: string, size: number, cwd: string, from = 0, to = size) {
  return Array.from({ length: to - from }, (_, i) =>
    execa(process.execPath, [file], {
      cwd,
      env: {
        OMPI_COMM_WORLD_RANK: `${from + i}`,
        OMPI_COMM_WORLD_SIZE: `${size}`,
        OMPI_COMM_WORLD_LOCAL_SIZE: `${size}`,
        PMIX_NAMESPACE: 'a-launch',
      },
      reject: false,
    }),
  );
}

/** That rank 0 had its calls done by each of the others, which had nothing else to do, and so with its second pool. */
function expectAllAtWork(outputs: readonly string[]): void {
  const told = outputs.flatMap((output) => output.split('\n').map((line) => JSON.parse(line) as Told));
  for (const round of [0, 1]) {
    const ranks = told.filter((one) => one.round === round).toSorted((a, b) => a.rank - b.rank);
    expect(ranks.map(({ rank, isMain }) => [rank, isMain])).toEqual([
      [0, true],
      [1, false],
      [2, false],
      [3, false],
    ]);
    const found = ranks[0]!.found || [];
    expect(found.map(([x]) => x)).toEqual([0, 1, 2]);
    expect(new Set(found.map(([, parent]) => parent))).toEqual(new Set(ranks.slice(1).map(({ pid }) => pid)));
  }
}

/** Files of a folder, those of the calls apart. */
function filesIn(folder: Folder): readonly string[] {
  return readdirSync(folder.path).filter((name) => !name.startsWith('here'));
}

// Most of their time they wait, for what is given up after seconds.
describe
  .skipIf(!hasServer)
  .concurrent('a program that is started many times, with pools on a cluster', () => {
    it('goes on in one process, for which the others work until its pool is closed', async () => {
      using folder = new Folder();
      using marked = new Marked();
      const file = folder.write('program.mjs', TOGETHER);
      const runs = await Promise.all(startAll(file, 4, folder.path));
      expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(runs.map(() => [0, '']));
      expectAllAtWork(runs.map(({ stdout }) => stdout));
      expect(await marked.gone(2000)).toEqual([]);
      expect(filesIn(folder)).toEqual(['program.mjs']);
    });

    it.skipIf(!hasMpirun)('does so when mpirun starts it', async () => {
      using folder = new Folder();
      using marked = new Marked();
      const file = folder.write('program.mjs', TOGETHER);
      const options = ['--allow-run-as-root', '--oversubscribe', '--mca', 'oob_tcp_if_include', 'lo'];
      const program = [process.execPath, file];
      const run = await execa('mpirun', [...options, '-n', '4', ...program], { cwd: folder.path });
      expectAllAtWork([run.stdout]);
      expect(await marked.gone(2000)).toEqual([]);
      expect(filesIn(folder)).toEqual(['program.mjs']);
    });

    it('waits at its end for those that come late', async () => {
      using folder = new Folder();
      using marked = new Marked();
      const file = folder.write(
        'program.mjs',
        `${BEGINNING}await using pool = new Pool({ backend: 'cluster' });
if (await pool.main()) console.log('done');
`,
      );
      const [first] = startAll(file, 2, folder.path, 0, 1);
      await once(first!.stdout, 'data');
      const [other] = startAll(file, 2, folder.path, 1);
      expect((await Promise.all([first!, other!])).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(await marked.gone(2000)).toEqual([]);
    });

    it('has all calls done when a process of it is killed at one', async () => {
      using folder = new Folder();
      using marked = new Marked();
      const file = folder.write(
        'program.mjs',
        `${BEGINNING}await using pool = new Pool({ backend: 'cluster', retries: 1 });
const f = async (x) => {
  await together(x, dir, 3);
  return x * x;
};
if (await pool.main()) console.log(JSON.stringify(await pool.map(f, Array(30).keys(), { with: { together, dir } })));
`,
      );
      folder.made('here');
      // Each of the two others is at a call, and stays there until something is written below, when one of the two is dead.
      const [first, killed, other] = startAll(file, 3, folder.path);
      await expect.poll(() => readdirSync(folder.at('here')).length).toBe(2);
      expect(statSync(folder.at('.glompo-a-launch.json')).mode & 0o777).toBe(0o600);
      killed!.kill('SIGKILL');
      folder.write('here/third', '');
      expect(JSON.parse((await first!).stdout)).toEqual(Array.from({ length: 30 }, (_, x) => x * x));
      expect([(await first!).exitCode, (await other!).exitCode]).toEqual([0, 0]);
      expect(await marked.gone(2000)).toEqual([]);
    });

    it('ends by itself when the process that has the pool is killed', async () => {
      using folder = new Folder();
      using marked = new Marked();
      const file = folder.write(
        'program.mjs',
        `${BEGINNING}await using pool = new Pool({ backend: 'cluster' });
if (await pool.main()) await pool.run(together, 0, dir, 9);
`,
      );
      const [first, other] = startAll(file, 2, folder.path);
      await expect.poll(() => existsSync(folder.at('here/0'))).toBe(true);
      first!.kill('SIGKILL');
      expect((await other!).stderr).toMatch(/rank 0 was not heard of for 9 s and is given up/);
      expect((await other!).exitCode).toBe(1);
      expect(await marked.gone(2000)).toEqual([]);
    });

    it('says what to do where its launcher tells nothing by which processes could find each other', async () => {
      using folder = new Folder();
      const file = folder.write('program.mjs', `${BEGINNING}await new Pool({ backend: 'cluster' }).main();`);
      const env = { PMI_RANK: '1', PMI_SIZE: '3' };
      const run = await execa(process.execPath, [file], { env, reject: false });
      expect(run.stderr).toMatch(/rendezvous is needed: 3 processes were launched together/);
      expect(run.stderr).toMatch(/new Pool\(\{ rendezvous: thatDirectory \}\)/);
    });
  });
