import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { probeTask } from '../../src/backends/task-thread.ts';
import { type Evaluated, evaluate, type EvaluateOptions, scripted, specOf } from '../support/programs.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

/** Evaluates 1 to 6 by a worker that does `code` at the third. Whatever that is, all others have their value, and nothing is left. */
async function third(code: string, options: EvaluateOptions = {}, ready?: string): Promise<Evaluated> {
  using marked = new Marked();
  const indented = code.replaceAll('\n', '\n    ');
  const result = await evaluate(specOf(scripted(`if id == 3:\n    ${indented}`, ready)), 6, options);
  expect(marked.alive()).toEqual([]);
  expect(result.rows.map(({ candidateId }) => candidateId)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const id of [1, 2, 4, 5, 6])
    expect(result.of(id)).toMatchObject({ attempts: 1, outcome: { status: 'ok', fx: id + 0.5 } });
  return result;
}

/** How many worked, besides those of whom no reply came. */
const workersOf = ({ rows }: Evaluated): number =>
  new Set(rows.map(({ worker }) => worker).filter((worker) => worker !== 'none')).size;

describe('a worker that breaks the protocol is replaced, which costs the evaluation that it was at: it', () => {
  it.each([
    ['writes what is no JSON', "say(b'Done!\\n')", 'its line is no JSON: "Done!"'],
    ['writes bytes', "say(bytes(range(128, 256)) + b'\\n')", 'its line is not UTF-8: "'],
    ['writes a line that is no reply', 'say(b\'{"hello":1}\\n\')', 'its line is no message of the protocol'],
    [
      'answers another id',
      'say(b\'{"id":4,"value":1}\\n\')',
      'it answered evaluation 4, which it was not at',
    ],
    ['answers an old id', 'say(b\'{"id":2,"value":1}\\n\')', 'it answered evaluation 2, which it was not at'],
    ['is ready again', 'say(b\'{"ready":1}\\n\')', 'it said twice that it is ready'],
    [
      'ends in the middle of a line',
      'say(b\'{"id":3,"val\')\nsys.exit(0)',
      'its process ended with exit code 0 in the middle of a line: "{\\"id\\":3,\\"val"',
    ],
    [
      'writes a line of 65 MB',
      "for _ in range(65): say(b'x' * 1048576)\ntime.sleep(60)",
      'its line is longer than 64 MB',
    ],
    ['closes its standard output', 'os.close(1)\ntime.sleep(60)', 'it closed its standard output'],
  ])('%s', async (_, code, error) => {
    const result = await third(`log('a reason\\n')\n${code}`);
    expect(result.of(3)).toMatchObject({ attempts: 1, outcome: { status: 'failed' } });
    expect(result.of(3).outcome.error).toContain(`its worker broke the protocol: ${error}`);
    expect(result.of(3).outcome.error).toContain('; its standard error ends: a reason');
    expect(workersOf(result)).toBe(2);
  });

  it('says a thing too many before it has a next evaluation: then it costs none', async () => {
    const code = `if id == 3:
    say(b'{"id":3,"value":3.5}\\n{"id":3,"value":3.5}\\n')
    time.sleep(60)`;
    const { rows, printed } = await evaluate(specOf(scripted(code)), 6);
    expect(rows.map(({ outcome, attempts }) => [outcome.fx, attempts])).toEqual(
      Array.from({ length: 6 }, (_, i) => [i + 1.5, 1]),
    );
    expect(printed).toMatch(
      /^glompo: program \d+ is replaced: it answered evaluation 3, which it was not at\n/m,
    );
  });
});

describe('a worker that dies', () => {
  it.each([
    ['exits', 'sys.exit(3)', 'its process ended with exit code 3'],
    ['is killed', 'os.kill(os.getpid(), 9)', 'its process was ended by SIGKILL'],
    [
      'is killed in the middle of a line',
      "say(b'{\"id')\nos.kill(os.getpid(), 9)",
      'its process was ended by SIGKILL',
    ],
  ])('is replaced, and the evaluation tried again; it %s', async (_, code, cause) => {
    const result = await third(`log('a reason')\n${code}`);
    expect(result.of(3)).toMatchObject({ attempts: 2, outcome: { status: 'failed' } });
    expect(result.of(3).outcome.error).toBe(`its worker died: ${cause}; its standard error ends: a reason`);
    expect(workersOf(result)).toBe(2);
  });

  it('once costs no evaluation', async () => {
    using folder = new Folder();
    const flag = JSON.stringify(folder.at('flag'));
    const result = await third(`if not os.path.exists(${flag}):\n    open(${flag}, 'w')\n    sys.exit(1)`);
    expect(result.of(3)).toMatchObject({ attempts: 2, outcome: { status: 'ok', fx: 3.5 } });
  });
});

/** Fails so often, and then has a value. */
const again = (times: number): string => `tries = globals().get('tries', 0) + 1
if tries <= ${times}:
    say(b'{"id":3,"error":{"message":"busy","retry":true}}\\n')
    continue`;

describe('an evaluation that may have a value the next time', () => {
  it('is tried again by the same worker', async () => {
    const result = await third(again(2), { retries: 2 });
    expect(result.of(3)).toMatchObject({ attempts: 3, outcome: { status: 'ok', fx: 3.5 } });
    expect(workersOf(result)).toBe(1);
  });

  it('fails when it was tried often enough', async () => {
    const result = await third(again(2), { retries: 1 });
    expect(result.of(3)).toMatchObject({
      attempts: 2,
      outcome: { status: 'failed', error: 'task failed: busy' },
    });
  });
});

describe('an evaluation that takes too long', () => {
  const LIMIT = { timeoutSeconds: 0.4 };

  it.each([
    'time.sleep(60)',
    'say(b\'{"id":3,\')\ntime.sleep(60)',
    'signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)',
  ])('costs its worker: %j', async (code) => {
    const result = await third(code, LIMIT);
    expect(result.of(3).outcome.status).toBe('timeout');
    expect(workersOf(result)).toBe(2);
  });

  it('is given up by a worker that can do that, and stays', async () => {
    const code = `cancelled = json.loads(sys.stdin.readline())
assert cancelled == {'cancel': [3]}
say(b'{"id":3,"error":"given up"}\\n')
continue`;
    const result = await third(code, LIMIT, '{"ready":1,"cancel":true}');
    expect(result.of(3).outcome.status).toBe('timeout');
    expect(workersOf(result)).toBe(1);
  });

  it('costs a worker that does not do what it can', async () => {
    const result = await third('time.sleep(60)', LIMIT, '{"ready":1,"cancel":true}');
    expect(result.of(3).outcome.status).toBe('timeout');
    expect(workersOf(result)).toBe(2);
  });
});

describe('a worker that promised beats', () => {
  it('is dead when there are none', async () => {
    const result = await third("log('stuck')\ntime.sleep(60)", {}, '{"ready":1,"heartbeat":0.2}');
    expect(result.of(3)).toMatchObject({ attempts: 2 });
    expect(result.of(3).outcome.error).toMatch(
      /^its worker died: it promised a sign of life every 0.2 s, and gave none for 0.6\d* s; its standard error ends: stuck$/,
    );
  });

  it('lives as long as they come', async () => {
    const code = 'for _ in range(30):\n    say(b\'{"beat":true}\\n\')\n    time.sleep(0.05)';
    const result = await third(code, {}, '{"ready":1,"heartbeat":0.2}');
    expect(result.of(3).outcome).toMatchObject({ status: 'ok', fx: 3.5 });
  });
});

const values = ({ rows }: Evaluated): (readonly [number, number])[] =>
  rows.map(({ candidateId, outcome }) => [candidateId, outcome.fx] as const).toSorted(([a], [b]) => a - b);
const all = (count: number): (readonly [number, number])[] =>
  Array.from({ length: count }, (_, i) => [i + 1, i + 1.5] as const);

describe('a worker that takes many points in a line', () => {
  const BATCH = '{"ready":1,"batch":true}';
  it('may answer them in any order', async () => {
    const code = `ids = request.get('ids', [request.get('id')])
log('%d ' % len(ids))
for one in reversed(ids): say(b'{"id":%d,"value":%d.5,"seconds":1e-6}\\n' % (one, one))
break`;
    const result = await evaluate(specOf(scripted(code, BATCH)), 2000);
    expect(values(result)).toEqual(all(2000));
    expect(Math.max(...result.printed.trim().split(' ').map(Number))).toBeGreaterThan(16);
  });

  it('costs none but the evaluation at which it breaks the protocol or dies', async () => {
    const code = `if id % 100 == 0:
    say(b'?\\n')
    time.sleep(60)
if id % 100 == 50: sys.exit(1)
say(b'{"id":%d,"value":%d.5,"seconds":1e-6}\\n' % (id, id))
continue`;
    const result = await evaluate(specOf(scripted(code, BATCH)), 1000, { workers: 2, retries: 0 });
    const failed = result.rows.filter(({ outcome }) => outcome.status === 'failed');
    expect(failed.map(({ candidateId }) => candidateId).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => 50 * (i + 1)),
    );
    for (const { candidateId, outcome } of failed)
      expect(outcome.error).toMatch(
        candidateId % 100 === 0 ? /^its worker broke the protocol/ : /^its worker died/,
      );
    expect(values(result).filter(([, fx]) => !Number.isNaN(fx))).toEqual(
      all(1000).filter(([id]) => id % 50 !== 0),
    );
  });

  it('is replaced after so many evaluations, also within a line', async () => {
    const code = `say(b'{"id":%d,"value":%d.5,"seconds":1e-6}\\n' % (id, id))
continue`;
    const task = specOf(scripted(code, BATCH), { maxEvaluationsPerWorker: 30 });
    const result = await evaluate(task, 200, { retries: 0 });
    expect(values(result)).toEqual(all(200));
    expect(workersOf(result)).toBe(7);
    const counts = Map.groupBy(result.rows, ({ worker }) => worker);
    expect([...counts.values()].map(({ length }) => length)).toEqual([30, 30, 30, 30, 30, 30, 20]);
  });
});

describe('a worker', () => {
  it('is told of the run and of each evaluation', async () => {
    using folder = new Folder();
    const code = `say(b'{"id":%d,"value":1,"extras":%s}\\n' % (id, json.dumps({'start': start, 'request': request, 'version': os.environ['GLOMPO_PROTOCOL'], 'names': sorted(os.environ), 'cwd': os.getcwd()}).encode()))
continue`;
    const task = specOf(scripted(code), {
      cwd: folder.path,
      environment: { pass: ['HOME'], set: { A: 'b' } },
    });
    const x = Float64Array.of(0.1, -5e-324);
    const result = await evaluate(task, 2, {
      names: ['k', 'n'],
      wantsGradient: true,
      cutoff: 2.5,
      x: () => x,
    });
    const { start, request, version, names, cwd } = result.of(2).outcome.extras as Record<string, never>;
    expect(start).toEqual({
      glompo: 1,
      names: ['k', 'n'],
      seed: 5,
      gradient: true,
      encodings: ['json', 'base64'],
    });
    expect(request).toEqual({
      id: 2,
      x: [0.1, -5e-324],
      seed: expect.any(Number) as number,
      optimizer: 1,
      cutoff: 2.5,
    });
    expect(version).toBe('1');
    expect(names).toEqual(expect.arrayContaining(['A', 'GLOMPO_COOKIES', 'GLOMPO_PROTOCOL', 'HOME']));
    expect(names).not.toContain('USER');
    expect(cwd).toBe(folder.path);
    expect(result.of(1)).toMatchObject({ worker: expect.stringMatching(/^program \d+$/) as string });
  });

  it('may be a few lines of shell', async () => {
    const script = `read start; echo '{"ready":1}'
while read line; do id=\${line#*:}; echo "{\\"id\\":\${id%%,*},\\"value\\":2.5}"; done`;
    const { rows } = await evaluate(specOf(['/bin/sh', '-c', script]), 5);
    expect(rows.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 5 }, () => ({ status: 'ok', fx: 2.5 })),
    );
  });

  it('leaves nothing behind when its evaluations are given up, nor when it does not end by itself', async () => {
    using marked = new Marked();
    // A child in a session of its own, and deaf to the end of its input.
    const before = `signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    time.sleep(600)`;
    const argv = scripted('', undefined, before).map(
      (part) => `${part}${part.includes('readline') ? 'time.sleep(600)\n' : ''}`,
    );
    const task = specOf(argv);
    await evaluate(task, 3, { workers: 2 });
    expect(marked.alive()).toEqual([]);
  });
});

describe('a worker that does not start', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['there is none', ['/no/such/program'], /^the worker did not get ready: .*(exit code 127|ENOENT)/],
    [
      'it exits',
      ['/bin/sh', '-c', 'echo no licence >&2; exit 4'],
      /^the worker did not get ready: its process ended with exit code 4; its standard error ends: no licence$/,
    ],
    [
      'it speaks another version',
      scripted('', '{"ready":2}'),
      /^the worker did not get ready: it speaks version 2 of the protocol, this glompo version 1$/,
    ],
    [
      'it prints something else',
      scripted('', 'Welcome'),
      /^the worker did not get ready: its line is no JSON: "Welcome"$/,
    ],
    [
      'it answers at once',
      scripted('', '{"id":1,"value":2}'),
      /^the worker did not get ready: it answered before it said \{"ready":1\}$/,
    ],
    ['it says why', scripted('', '{"error":{"message":"no GPU"}}'), /^the worker did not get ready: no GPU$/],
    [
      'it never says that it is ready',
      ['/bin/sleep', '60'],
      /^the worker did not get ready: it did not say that it is ready within startSeconds, 0.3 s$/,
    ],
  ];

  it.each(cases)('is told at once: %s', async (_, argv, message) => {
    using marked = new Marked();
    const task = specOf(argv, argv[0] === '/bin/sleep' ? { startSeconds: 0.3 } : {});
    await expect(evaluate(task, 5, { workers: 2 })).rejects.toMatchObject({
      code: 'task-load-failed',
      message: expect.stringMatching(message) as string,
    });
    expect(await probeTask(task)).toMatch(message);
    expect(marked.alive()).toEqual([]);
  });

  it('may be one that did before: then its evaluations fail, and tell why', async () => {
    using folder = new Folder();
    const flag = JSON.stringify(folder.at('flag'));
    const before = `ready = b'{"ready":2}' if os.path.exists(${flag}) else b'{"ready":1}'`;
    const argv = scripted(`open(${flag}, 'w')\nsys.exit(1)`, undefined, before).map((part) =>
      part.replace(`say(b'''{"ready":1}\\n''')`, "say(ready + b'\\n')"),
    );
    const result = await evaluate(specOf(argv), 4, { retries: 0 });
    expect(result.of(1).outcome.error).toBe('its worker died: its process ended with exit code 1');
    expect(result.of(4).outcome.error).toMatch(
      /^its worker died: 5 workers in a row did not start; the last one: it speaks version 2/,
    );
    expect(result.printed).toMatch(/glompo: program \d+ is replaced: it speaks version 2/);
  });

  it('nothing is found of one that does, and nothing is left of it', async () => {
    using marked = new Marked();
    expect(await probeTask(specOf(scripted('')))).toBeUndefined();
    expect(marked.alive()).toEqual([]);
  });

  it('is one that says more than that it is ready', async () => {
    const task = specOf(scripted('', '{"ready":1}\\nPlease enter a point:'));
    const result = await evaluate(task, 3, { retries: 1 });
    for (const { outcome, attempts } of result.rows) {
      expect(outcome.error).toMatch(/: its line is no JSON: "Please enter a point:"/);
      expect(attempts).toBeLessThanOrEqual(2);
    }
  });

  it('is one that exits as soon as it is ready', async () => {
    const argv = ['/bin/sh', '-c', `echo '{"ready":1}'; exec sleep 0`];
    const result = await evaluate(specOf(argv), 3, { retries: 0 });
    for (const { outcome } of result.rows) expect(outcome.error).toMatch(/^its worker died: /);
  });
});

describe('the page of the protocol', () => {
  it('has a worker that works', async () => {
    using folder = new Folder();
    const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
    const script = folder.write('worker.mjs', /```js\n([^]*?)```/.exec(page)![1]!);
    const { rows } = await evaluate(specOf([process.execPath, script]), 3, {
      names: ['k', 'n'],
      x: (id) => Float64Array.of(id, 2),
    });
    expect(rows.map(({ outcome }) => outcome.fx)).toEqual([5, 8, 13]);
  });
});
