import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../src/tasks/find-program.ts';
import { bin, runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const quickstart = path.resolve(import.meta.dirname, '..', '..', 'configs', 'quickstart.yaml');
const hasFfmpeg = findProgram('ffmpeg', '.') !== undefined && findProgram('ffprobe', '.') !== undefined;

function config(folder: Folder): string {
  return folder.write(
    'small.yaml',
    `task: { benchmark: rastrigin, dimension: 3 }
stop: { max-evaluations: 600 }
manager: { maxJobs: 2, backend: inline, seed: 5 }
`,
  );
}

async function ranIn(folder: Folder): Promise<string> {
  const { exitCode, stderr } = await runCli(
    ['run', config(folder), '--dir', folder.at('run'), '--no-report'],
    folder.path,
  );
  expect([exitCode, stderr.includes('report')]).toEqual([0, false]);
  return folder.at('run');
}

describe('glompo run and resume', () => {
  it('write a report of less than 1.5 MB at the end of the quickstart, which goes with the run', async () => {
    using folder = new Folder();
    const run = await runCli(['run', quickstart, '--dir', folder.at('run'), '--json'], folder.path);
    expect(run.exitCode).toBe(0);
    expect(run.stdout.trim().split('\n')).toHaveLength(1);
    const { seed } = JSON.parse(run.stdout) as { seed: number };
    expect(statSync(folder.at('run/report.html')).size).toBeLessThan(1_500_000);
    expect(folder.read('run/report.html')).toContain(`The seed of all random draws was ${seed}`);
    // Another run in its place has no report of this one.
    await runCli(
      ['run', config(folder), '--dir', folder.at('run'), '--overwrite', '--no-report'],
      folder.path,
    );
    expect(folder.has('run/report.html')).toBe(false);
  });

  it('write one of the whole run after each session', async () => {
    using folder = new Folder();
    const dir = await ranIn(folder);
    expect(folder.has('run/report.html')).toBe(false);
    const more = await runCli(['resume', dir, '--set', 'stop.max-evaluations=900'], folder.path);
    expect(more.exitCode).toBe(0);
    expect(folder.read('run/report.html')).toMatch(/took 900 evaluations in [\d.]+ s, in 2 sessions/);
  });

  it('do not fail when there can be none', async () => {
    using folder = new Folder();
    mkdirSync(folder.at('run/report.html/x'), { recursive: true });
    const { exitCode, stderr } = await runCli(
      ['run', config(folder), '--dir', folder.at('run')],
      folder.path,
    );
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/There is no report: cannot write .*report\.html.*; glompo report .* tries again/);
    expect(readdirSync(folder.at('run')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('glompo report', () => {
  it('writes the page, and each plot as SVG and as PNG', async () => {
    using folder = new Folder();
    const dir = await ranIn(folder);
    const { exitCode, stdout } = await runCli(
      ['report', dir, '--svg', 'plots', '--png', 'plots', '--json'],
      folder.path,
    );
    expect(exitCode).toBe(0);
    const said = JSON.parse(stdout) as {
      report: string;
      bytes: number;
      svg: string[];
      png: string[];
      film: null;
    };
    expect(said.report).toBe(path.join(dir, 'report.html'));
    expect(statSync(said.report).size).toBe(said.bytes);
    expect(said.svg.map((file) => path.basename(file))).toEqual([
      'values.svg',
      'values-over-time.svg',
      'best-so-far.svg',
      'slots.svg',
      'parameters.svg',
      'parallel-optimizers.svg',
      'parallel-best.svg',
    ]);
    expect(said.png).toHaveLength(said.svg.length);
    for (const file of said.svg)
      expect(readFileSync(file, 'utf8')).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    for (const file of said.png) expect(readFileSync(file).readUInt32BE(16)).toBe(1800);
    // Its own report is written again; nothing else is replaced unasked.
    expect((await runCli(['report', dir], folder.path)).exitCode).toBe(0);
    const again = await runCli(['report', dir, '--svg', 'plots'], folder.path);
    expect(again).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('exists; --overwrite replaces it'),
    });
    expect((await runCli(['report', dir, '--svg', 'plots', '--overwrite'], folder.path)).exitCode).toBe(0);
  });

  it('never takes the place of the log', async () => {
    using folder = new Folder();
    const dir = await ranIn(folder);
    const { exitCode, stderr } = await runCli(
      ['report', dir, '--output', `${dir}/run.sqlite`, '--overwrite'],
      folder.path,
    );
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is the run log itself')]);
    expect(query(dir, 'SELECT count(*) AS n FROM evaluations')).toEqual([{ n: 600 }]);
  });

  it('tells where there is no run', async () => {
    using folder = new Folder();
    const { exitCode, stderr } = await runCli(['report', folder.path], folder.path);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/glompo: /)]);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('is made of a table of another program, and of a log that is a file of its own', async () => {
    using folder = new Folder();
    const dir = await ranIn(folder);
    await runCli(['export', dir, '--format', 'csv', '--output', 'all.csv'], folder.path);
    const imported = await runCli(['import', 'all.csv', '--into', folder.at('other')], folder.path);
    expect(imported.exitCode).toBe(0);
    const { exitCode, stdout } = await runCli(
      ['report', folder.at('other/run.sqlite'), '--json'],
      folder.path,
    );
    expect(exitCode).toBe(0);
    const { report } = JSON.parse(stdout) as { report: string };
    expect(report).toBe(folder.at('other/run.sqlite.report.html'));
    const html = readFileSync(report, 'utf8');
    expect(html).toContain('How it was configured is not in the log.');
    expect(html).toContain('it ended: imported from');
    expect(html).toContain('id="parameters"');
  });

  it('shows a live run as it is', async () => {
    using folder = new Folder();
    folder.write(
      'task.mjs',
      'export default async (x) => { await new Promise((r) => setTimeout(r, 5)); return x[0]; };',
    );
    folder.write(
      'live.yaml',
      'task: { module: task.mjs }\nparameters: [{ name: a, min: 0, max: 1 }]\noptimizers: [random]\nstop: { max-evaluations: 1000000 }\nmanager: { backend: inline, maxJobs: 1 }\n',
    );
    const run = startCli(['run', 'live.yaml', '--dir', folder.at('run')], folder.path);
    using _ = { [Symbol.dispose]: () => run.kill('SIGKILL') };
    await expect
      .poll(
        () =>
          folder.has('run/run.sqlite') && query(folder.at('run'), 'SELECT 1 FROM evaluations LIMIT 1').length,
        {
          timeout: 20_000,
        },
      )
      .toBe(1);
    const { exitCode } = await runCli(['report', folder.at('run')], folder.path);
    expect(exitCode).toBe(0);
    expect(folder.read('run/report.html')).toContain('it goes on as this is written');
    // Its end is in the report that it writes itself.
    run.kill('SIGINT');
    expect((await run).exitCode).toBe(130);
    expect(folder.read('run/report.html')).toContain('interrupted by SIGINT');
  });
});

describe('glompo report --film', () => {
  it('says what is missing where there is no ffmpeg', async () => {
    using folder = new Folder();
    const dir = await ranIn(folder);
    const { exitCode, stderr } = await execa(
      process.execPath,
      [bin, 'report', dir, '--film', folder.at('a.mp4')],
      {
        env: { PATH: folder.path },
        reject: false,
      },
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^glompo: ffmpeg is not on the PATH: apt install ffmpeg.*the plots themselves are in report\.html$/,
    );
    expect(folder.has('run/report.html')).toBe(true);
    expect(folder.has('a.mp4')).toBe(false);
  });

  it('makes films of two kinds and no others', async () => {
    using folder = new Folder();
    const dir = await ranIn(folder);
    const { exitCode, stderr } = await runCli(['report', dir, '--film', 'a.gif'], folder.path);
    expect([exitCode, stderr]).toEqual([2, 'glompo: --film writes .mp4 or .webm, and not a.gif']);
  });

  it('tells what ffmpeg says when it fails, and leaves nothing behind', async () => {
    using folder = new Folder();
    const dir = await ranIn(folder);
    folder.write(
      'bin/ffmpeg',
      '#!/bin/sh\ncase "$*" in *-encoders*) echo " V....D libx264 H.264";; *) touch a.mp4.part; echo "disk full" >&2; exit 1;; esac\n',
    );
    chmodSync(folder.at('bin/ffmpeg'), 0o755);
    const { exitCode, stderr } = await execa(
      process.execPath,
      [bin, 'report', dir, '--film', folder.at('a.mp4')],
      {
        env: { PATH: `${folder.at('bin')}:${process.env['PATH']}` },
        cwd: folder.made('elsewhere'),
        reject: false,
      },
    );
    expect([exitCode, stderr.split('\n')[0]]).toEqual([1, 'glompo: ffmpeg made no film of it: disk full']);
    expect(folder.has('a.mp4')).toBe(false);
  });

  it.skipIf(!hasFfmpeg).each([
    ['a.mp4', ['h264', 'mpeg4']],
    ['-a b.webm', ['vp9', 'vp8']],
  ])('makes %s, of the length and the size that were asked for', async (file, codecs) => {
    using folder = new Folder();
    const dir = await ranIn(folder);
    const args = ['report', dir, `--film=${file}`, '--seconds', '1', '--fps', '8', '--json'];
    const { exitCode, stdout, stderr } = await runCli(args, folder.path);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ film: { file: folder.at(file) } });
    const show = 'stream=codec_name,width,height,pix_fmt,nb_read_frames:format=duration';
    const probed = JSON.parse(
      execFileSync(
        'ffprobe',
        ['-v', 'error', '-count_frames', '-show_entries', show, '-of', 'json', `file:${folder.at(file)}`],
        {
          encoding: 'utf8',
        },
      ),
    ) as { streams: { codec_name: string }[]; format: { duration: string } };
    expect(probed.streams).toEqual([
      expect.objectContaining({ width: 1280, height: 720, pix_fmt: 'yuv420p', nb_read_frames: '8' }),
    ]);
    expect(codecs).toContain(probed.streams[0]!.codec_name);
    expect(Number(probed.format.duration)).toBeCloseTo(1, 1);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it.skipIf(!hasFfmpeg)('leaves no half film behind when it is interrupted', async () => {
    using folder = new Folder();
    const dir = await ranIn(folder);
    const filming = startCli(
      ['report', dir, '--film', 'a.mp4', '--seconds', '3600', '--fps', '10'],
      folder.path,
    );
    await expect
      .poll(() => readdirSync(folder.path).some((name) => name.endsWith('.part')), { timeout: 20_000 })
      .toBe(true);
    filming.kill('SIGINT');
    const { exitCode, stderr } = await filming;
    expect([exitCode, stderr]).toEqual([130, 'Interrupted: there is no film.']);
    expect(readdirSync(folder.path).toSorted()).toEqual(['run', 'small.yaml']);
  });
});
