import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate, python, specOf } from '../support/programs.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

/** How many misbehaviours there are in all, in so many runs side by side. */
const MISBEHAVIOURS = 2000;
const RUNS = 4;
/** Evaluations of one run: about two of three go well. */
const EVALUATIONS = 1500;
const TIMEOUT_SECONDS = 0.25;

/**
 * By the seed of its run, its pid and the id, does one of many wrong things. What it did is appended to a file, a line each: the misbehaviour
 * and the id. A process that starts costs about 15 ms, so most of these leave it alive, or are quickly over.
 */
const WORKER = `
import json, os, random, signal, sys, time
seed, record = int(sys.argv[1]), os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND)
def say(text): os.write(1, text.encode())
def put(text): say(text + '\\n')
draw = random.Random(seed * 100003 + os.getpid())
readline = sys.stdin.readline
start = json.loads(readline())
starts = draw.random()
if starts < 0.02: put('{"ready":2}')
elif starts < 0.04: sys.exit(draw.choice([0, 1]))
elif starts < 0.05: put('Hello')
is_batch, can_cancel = draw.random() < 0.6, draw.random() < 0.3
put(json.dumps({'ready': 1, 'batch': is_batch, 'cancel': can_cancel, **({'heartbeat': 0.1} if draw.random() < 0.1 else {})}))
old = 10**6
def ok(id): return '{"id":%d,"value":%d.5,"seconds":%r}' % (id, id, 1e-6)
# Those that leave the worker alive, and those that do not.
MILD = ['slow', 'nan', 'bare-nan', 'error', 'retry', 'no-value', 'stderr', 'child', 'beat', 'empty-lines', 'infinite', 'text-value', 'pieces', 'violation', 'big']
WILD = ['die', 'exit-0', 'garbage', 'bytes', 'half-exit', 'half-silence', 'wrong-id', 'duplicate', 'huge', 'closes-stdout', 'deaf', 'old-id',
        'ready-again', 'unknown-key', 'array', 'segv', 'stdin-closed', 'stderr-dies']
def behave(id):
    global old
    if draw.random() > 0.37:
        put(ok(id)); old = id; return
    what = draw.choice(MILD) if draw.random() < 0.86 else draw.choice(WILD)
    os.write(record, ('%s %d\\n' % (what, id)).encode())
    if what == 'slow': time.sleep(0.01); put(ok(id))
    elif what == 'nan': put('{"id":%d,"value":"NaN"}' % id)
    elif what == 'bare-nan': put('{"id":%d,"value":-nan}' % id)
    elif what == 'error': put('{"id":%d,"error":"no"}' % id)
    elif what == 'retry': put('{"id":%d,"error":{"message":"later","retry":true}}' % id)
    elif what == 'no-value': put('{"id":%d}' % id)
    elif what == 'stderr': os.write(2, b'x' * 200000 + b'\\n'); put(ok(id))
    elif what == 'child':
        if os.fork() == 0:
            if draw.random() < 0.5: os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(600); os._exit(0)
        put(ok(id))
    elif what == 'beat': put('{"beat":true}'); put(ok(id))
    elif what == 'empty-lines': put('\\n\\r\\n' + ok(id))
    elif what == 'infinite': put('{"id":%d,"value":1e999}' % id)
    elif what == 'text-value': put('{"id":%d,"value":"%s"}' % (id, 'y' * 1000))
    elif what == 'pieces':
        for part in ok(id): say(part)
        put('')
    elif what == 'violation': put('{"id":%d,"value":1,"violation":-1}' % id)
    elif what == 'big': put('{"id":%d,"value":%d.5,"extras":{"a":"%s"}}' % (id, id, 'z' * 300000))
    elif what == 'die': os.kill(os.getpid(), 9)
    elif what == 'exit-0': os._exit(0)
    elif what == 'garbage': put('converged after %d iterations' % id)
    elif what == 'bytes': os.write(1, os.urandom(64) + b'\\n')
    elif what == 'half-exit': say(ok(id)[:9]); os._exit(3)
    elif what == 'half-silence': say(ok(id)[:9]); time.sleep(600)
    elif what == 'wrong-id': put(ok(id + 10**6))
    elif what == 'duplicate': put(ok(id)); put(ok(id))
    elif what == 'huge':
        for _ in range(20): say('h' * 100000)
        put('')
    elif what == 'closes-stdout': os.close(1); time.sleep(600)
    elif what == 'deaf': signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)
    elif what == 'old-id': put(ok(old))
    elif what == 'ready-again': put('{"ready":1}')
    elif what == 'unknown-key': put('{"id":%d,"fx":1}' % id)
    elif what == 'array': put('[%d]' % id)
    elif what == 'segv': os.kill(os.getpid(), signal.SIGSEGV)
    elif what == 'stdin-closed': os.close(0); put(ok(id)); time.sleep(600)
    elif what == 'stderr-dies': os.write(2, b'w' * 100000); os._exit(7)
while True:
    line = readline()
    if not line: break
    request = json.loads(line)
    if 'cancel' in request:
        for id in request['cancel']: put('{"id":%d,"error":"given up"}' % id)
        continue
    ids = request.get('ids') or [request['id']]
    if len(ids) > 1 and draw.random() < 0.5: draw.shuffle(ids)
    for id in ids: behave(id)
if draw.random() < 0.02: time.sleep(600)
`;

/** Those after which the evaluation has its value, and all others too. */
const HARMLESS = new Set(['slow', 'stderr', 'child', 'beat', 'empty-lines', 'pieces', 'big']);
/** How many different ones there are. */
const KINDS = 33;

/** What one run of evaluations was like. */
interface Fuzzed {
  readonly done: readonly string[];
}

describe('workers that misbehave', () => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => {
    rejections.push(reason);
  };
  beforeAll(() => process.on('unhandledRejection', onRejection));
  afterAll(() => process.off('unhandledRejection', onRejection));

  it(`${MISBEHAVIOURS} times, in ${KINDS} ways, cost what they were at, and leave nothing behind`, async () => {
    using folder = new Folder();
    using marked = new Marked();
    const runs = await Promise.all(Array.from({ length: RUNS }, (_, seed) => fuzz(folder, seed)));
    expect(marked.alive()).toEqual([]);
    expect(rejections).toEqual([]);
    const done = runs.flatMap((run) => run.done);
    expect(done.length).toBeGreaterThanOrEqual(MISBEHAVIOURS);
    expect(new Set(done).size).toBe(KINDS);
  }, 180_000);
});

async function fuzz(folder: Folder, seed: number): Promise<Fuzzed> {
  const script = folder.write(`worker-${seed}.py`, WORKER);
  const record = folder.write(`record-${seed}`, '');
  const task = specOf([python, '-S', '-E', script, String(seed), record]);
  const options = { workers: 2, retries: 2, timeoutSeconds: TIMEOUT_SECONDS };
  const { rows } = await untilStarted(() => evaluate(task, EVALUATIONS, options));
  const ids = rows.map(({ candidateId }) => candidateId).toSorted((a, b) => a - b);
  expect(ids).toEqual(Array.from({ length: EVALUATIONS }, (_, i) => i + 1));
  const lines = folder.read(`record-${seed}`).trim().split('\n');
  const done = lines.map((line) => line.split(' ') as [name: string, id: string]);
  const byId = Map.groupBy(done, ([, id]) => Number(id));
  let innocent = 0;
  for (const { candidateId: id, outcome, attempts } of rows) {
    expect(attempts).toBeGreaterThanOrEqual(1);
    if (outcome.status === 'ok') {
      expect(outcome.fx).toBe(id + 0.5);
      continue;
    }
    expect(['failed', 'timeout']).toContain(outcome.status);
    expect(outcome.error).toMatch(
      /^(task failed: |task returned |its worker (broke the protocol|died): |it took longer than )/,
    );
    const isToBlame = (byId.get(id) ?? []).some(([name]) => !HARMLESS.has(name));
    if (!isToBlame) innocent++;
  }
  // Such as the one that a worker is at whose answer to another comes twice: no harm without a cause.
  const harmful = done.filter(([name]) => !HARMLESS.has(name)).length;
  expect(innocent).toBeLessThan(harmful / 4);
  return { done: done.map(([name]) => name) };
}

/** Makes another attempt when the very first workers do not start. */
async function untilStarted<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      expect(error).toMatchObject({ code: 'task-load-failed' });
    }
  }
}
