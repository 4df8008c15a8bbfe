import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { bin, runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const CONFIG = `task: { module: task.mjs }
parameters:
  - { name: a, min: -1, max: 1 }
  - { name: fx, min: 1.0e-3, max: 10, scale: log }
optimizers: { use: [random] }
stop: { max-evaluations: 3000 }
manager: { maxJobs: 1, backend: inline, seed: 1 }
`;
const TASK = `export default (x) => {
  if (x[0] > 0.9) throw new Error('too large, "really"');
  return { value: x[0] / 3, extras: { half: x[1] / 2, parts: [...x] } };
};`;

interface Logged {
  readonly call_id: number;
  readonly fx: number | null;
  readonly x: Buffer;
  readonly error: string | null;
}

describe('glompo export', () => {
  let folder: Folder;
  let logged: readonly Logged[];

  beforeAll(async () => {
    folder = new Folder();
    folder.write('task.mjs', TASK);
    folder.write('c.yaml', CONFIG);
    await runCli(['run', 'c.yaml', '--dir', 'r'], folder.path);
    logged = query<Logged>(folder.at('r'), 'SELECT call_id, fx, x, error FROM evaluations ORDER BY call_id');
  });

  afterAll(() => {
    folder[Symbol.dispose]();
  });

  it('writes a run as CSV', async () => {
    const { exitCode, stdout, stderr } = await runCli(['export', 'r', '--format', 'csv'], folder.path);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.split('\r\n', 1)).toEqual([
      'call_id,optimizer_id,optimizer_type,candidate_id,a,x.fx,fx,status,counted,violation,started_at,duration_ms,attempts,worker,error,extras.half,extras.parts',
    ]);
    expect(stdout.includes(',"task threw Error: too large, ""really""",')).toBe(true);
  });

  it('writes every evaluation of a run as JSON lines, numbers bit for bit', async () => {
    const { stdout } = await runCli(['export', 'r', '--format', 'jsonl'], folder.path);
    const rows = stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map((row) => [row['call_id'], row['fx'], row['a'], row['x.fx'], row['error']])).toEqual(
      logged.map(({ call_id, fx, x, error }) => [call_id, fx, x.readDoubleLE(0), x.readDoubleLE(8), error]),
    );
    const first = rows.find(({ status }) => status === 'ok')!;
    expect(first['extras.parts']).toEqual([first['a'], first['x.fx']]);
    expect(first['started_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it('writes a Parquet file that another reader reads, numbers bit for bit', async () => {
    const { exitCode, stdout } = await runCli(
      ['export', 'r', '--format', 'parquet', '--output', 'e.parquet', '--json'],
      folder.path,
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ file: folder.at('e.parquet'), format: 'parquet', rows: 3000 });
    const rows = await parquetReadObjects({
      file: Uint8Array.from(readFileSync(folder.at('e.parquet'))).buffer,
    });
    expect(rows.map((row) => [row['call_id'], row['fx'] ?? null, row['a'], row['x.fx']])).toEqual(
      logged.map(({ call_id, fx, x }) => [BigInt(call_id), fx, x.readDoubleLE(0), x.readDoubleLE(8)]),
    );
    expect(rows[0]!['started_at']).toBeInstanceOf(Date);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const script = `"$0" "$1" export r --format jsonl | head -n 2 | wc -l; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await execa('bash', ['-c', script, process.execPath, bin], {
      cwd: folder.path,
    });
    expect(stdout.split('\n').map(Number)).toEqual([2, 0]);
    expect(stderr).toBe('');
  });

  it('replaces a file only when told to, and leaves nothing beside it', async () => {
    using other = new Folder();
    const file = other.write('e.csv', 'mine');
    symlinkSync(file, other.at('link.csv'));
    const args = ['export', 'r', '--format', 'csv', '--output', other.at('link.csv')];
    const refused = await runCli(args, folder.path);
    expect([refused.exitCode, refused.stdout, refused.stderr]).toEqual([
      2,
      '',
      `glompo: ${other.at('link.csv')} exists; --overwrite replaces it`,
    ]);
    expect(other.read('e.csv')).toBe('mine');
    const done = await runCli([...args, '--overwrite'], folder.path);
    expect([done.exitCode, done.stdout]).toEqual([0, `3000 evaluations, 17 columns: ${file}`]);
    expect(other.read('e.csv').startsWith('call_id,')).toBe(true);
    expect(readdirSync(other.path).toSorted()).toEqual(['e.csv', 'link.csv']);
  });

  it.each([
    [['--format', 'parquet'], '--format parquet needs --output FILE'],
    [['--format', 'csv', '--json'], '--json needs --output FILE: without it, the table itself is the result'],
    [['--format', 'csv', '--output', '/dev/null', '--overwrite'], '/dev/null is not a file'],
    [['--format', 'csv', '--output', 'r/run.sqlite', '--overwrite'], 'r/run.sqlite is the run log itself'],
    [['--format', 'csv', '--output', 'none/e.csv'], 'cannot write'],
    [['--format', 'xlsx'], "option '--format <format>' argument 'xlsx' is invalid"],
    [[], "required option '--format <format>' not specified"],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await runCli(['export', 'r', ...args], folder.path);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it.each(['csv', 'jsonl', 'parquet'])('tells of a damaged log in one line, as %s', async (format) => {
    using damaged = new Folder();
    const bytes = readFileSync(folder.at('r/run.sqlite'));
    // Pages in the middle: what says which run it is, is read.
    bytes.fill(0xff, 4096 * 40, 4096 * 42);
    writeFileSync(damaged.at('run.sqlite'), bytes);
    const args = ['export', '.', '--format', format, ...(format === 'parquet' ? ['--output', 'e'] : [])];
    const { exitCode, stderr } = await runCli(args, damaged.path);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'glompo: cannot read the run log run.sqlite: it is damaged (database disk image is malformed)',
    );
    expect(readdirSync(damaged.path)).toEqual(['run.sqlite']);
  });

  it('writes what there is of a run that goes on', async () => {
    using live = new Folder();
    live.write('task.mjs', TASK);
    live.write('c.yaml', CONFIG.replace('3000', '1e9'));
    const run = startCli(['run', 'c.yaml', '--dir', 'r'], live.path);
    try {
      await expect
        .poll(async () => (await runCli(['status', 'r'], live.path)).stdout, { timeout: 20_000 })
        .toMatch(/^evaluations {2}[1-9]/m);
      const { exitCode, stdout } = await runCli(['export', 'r', '--format', 'jsonl'], live.path);
      expect(exitCode).toBe(0);
      const calls = stdout.split('\n').map((line) => (JSON.parse(line) as { call_id: number }).call_id);
      expect(calls).toEqual(calls.map((_, i) => i + 1));
    } finally {
      run.kill('SIGKILL');
      await run;
    }
  });
});
