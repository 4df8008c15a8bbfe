import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { LiveProgress, RunProgress } from '../../../src/log/figures.ts';
import type { Scene } from '../../../src/views/terminal/observation.ts';
import { type Canvas, paint } from '../../../src/views/terminal/picture.ts';

const NOW = 1_800_000_000_000;

const live = (id: number, more: Partial<LiveProgress> = {}): LiveProgress => ({
  id,
  type: 'cma-es',
  phase: 'running',
  evaluations: 1000 * id,
  current: 10 + id,
  best: id,
  ...more,
});

const progress = (more: Partial<RunProgress> = {}): RunProgress => ({
  evaluations: 12_340,
  budget: 50_000,
  best: { fx: 853.0521, callId: 4211, optimizerId: 2, at: NOW - 12_000 },
  elapsedSeconds: 93,
  secondsLeft: null,
  isPaused: false,
  slots: { used: 6, all: 8 },
  optimizers: { started: 12, killed: 7, converged: 1, crashed: 0 },
  utilisation: {
    share: 0.87,
    time: { evaluating: 0.87, startUp: 0.1, credits: 0, maths: 0.03, stragglers: 0 },
    advice: [],
    acknowledgement: null,
  },
  cluster: null,
  resources: { processes: 5, cores: 3.94, memoryBytes: 412 * 2 ** 20, load: 4.21 },
  live: [live(2), live(5, { type: 'nelder-mead', phase: 'starting', best: null, current: null })],
  ...more,
});

const scene = (more: Partial<Scene> = {}): Scene => ({
  progress: progress(),
  now: NOW,
  rate: 132.4,
  secondsLeft: 284,
  pauseReason: undefined,
  trails: new Map([[2, [9, 5, 2, 2]]]),
  kills: [{ callId: 4000, text: 'optimizer 3 killed by 2: best-unmoving(2000, 0.2) true' }],
  notices: [],
  ...more,
});

const canvas = (columns: number, rows: number, isUnicode = true): Canvas => ({ columns, rows, isUnicode });
const textsOf = (of: Scene, on: Canvas): readonly string[] => paint(of, on).map(({ text }) => text);

describe('the picture of a run', () => {
  it('says who evaluates on other machines, and what was lost', () => {
    const worker = { pid: 1, slots: 2, evaluations: 10, joinedAt: NOW };
    const cluster = {
      workers: [
        { host: 'a', ...worker },
        { host: 'a', ...worker },
        { host: 'b', ...worker },
      ],
      slots: 6,
      mostSlots: 8,
      counts: { lost: 1, redelivered: 2, duplicates: 0 },
    };
    const texts = textsOf(scene({ progress: progress({ cluster }) }), canvas(200, 24));
    expect(texts.join('\n')).toContain('3 workers on 2 hosts, 6 slots; 1 lost, 2 jobs given to others');
  });

  it('says how the run stands, has a line for each optimizer, and tells of the last kills', () => {
    expect(textsOf(scene(), canvas(90, 24))).toEqual([
      'best 853.0521  at call 4,211, 12 s ago  by optimizer 2',
      '12,340 of 50,000 evaluations  24 %  132 a second  for 1 min 33 s  about 4 min 44 s left',
      'slots 6/8  87 % evaluating  3.9 cores  412 MB  5 processes  load 4.2',
      '12 started  7 killed  1 converged',
      '',
      'id  type         phase     evals  current  best  trend',
      '*2  cma-es       running   2,000       12     2  █▄▁▁',
      ' 5  nelder-mead  starting  5,000        -     -',
      '',
      '4,000: optimizer 3 killed by 2: best-unmoving(2000, 0.2) true',
    ]);
  });

  it('goes on in further lines where the terminal is narrow, and keeps what matters most', () => {
    expect(textsOf(scene(), canvas(40, 30))).toEqual([
      'best 853.0521  at call 4,211, 12 s ago',
      'by optimizer 2',
      '12,340 of 50,000 evaluations  24 %',
      '132 a second  for 1 min 33 s',
      'about 4 min 44 s left',
      'slots 6/8  87 % evaluating  3.9 cores',
      '412 MB  5 processes  load 4.2',
      '12 started  7 killed  1 converged',
      '',
      'id  type         evals  best  trend',
      '*2  cma-es       2,000     2  █▄▁▁',
      ' 5  nelder-mead  5,000     -',
      '',
      '4,000: optimizer 3 killed by 2:',
      '  best-unmoving(2000, 0.2) true',
    ]);
  });

  it('shows the best value and the budget first where the terminal is low', () => {
    expect(textsOf(scene(), canvas(100, 1))).toEqual([expect.stringMatching(/^best 853/)]);
    expect(textsOf(scene(), canvas(100, 2))).toEqual([
      expect.stringMatching(/^best 853/),
      expect.stringMatching(/^12,340 of 50,000/),
    ]);
    const many = progress({ live: Array.from({ length: 30 }, (_, i) => live(i + 1)) });
    const lines = textsOf(scene({ progress: many }), canvas(100, 10));
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^best 853/);
    expect(lines[8]).toBe('and 27 more');
    expect(lines.at(-1)).toMatch(/killed by 2/);
  });

  it('says nothing of what nobody knows', () => {
    const unknown = scene({
      progress: progress({ budget: Infinity, best: null, resources: null, live: [] }),
      rate: undefined,
      secondsLeft: undefined,
      kills: [],
    });
    expect(textsOf(unknown, canvas(90, 24))).toEqual([
      'no value yet',
      '12,340 evaluations  for 1 min 33 s',
      'slots 6/8  87 % evaluating',
      '12 started  7 killed  1 converged',
    ]);
  });

  it('says that the run is paused, and why', () => {
    const paused = scene({ progress: progress({ isPaused: true }), pauseReason: 'glompo pause' });
    expect(paint(paused, canvas(90, 24))).toContainEqual({ text: 'paused: glompo pause', tone: 'warning' });
  });

  it('is in ASCII where nothing else arrives', () => {
    const long = scene({ kills: [{ callId: 1, text: `killed: ${'why '.repeat(200)}` }] });
    const text = textsOf(long, canvas(50, 24, false)).join('\n');
    expect(text).toMatch(/^[\n -~]*$/);
    expect(text).toContain('#-__');
    expect(text).toMatch(/>$/);
  });

  it('lets names and messages of anybody control nothing', () => {
    const hostile = 'ev\u001B[2Jil\nna\tme\u202E';
    const of = scene({
      progress: progress({ live: [live(1, { type: hostile })] }),
      kills: [{ callId: 1, text: hostile }],
    });
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    for (const text of textsOf(of, canvas(200, 24))) expect(text).not.toMatch(/[\u0000-\u001F\u007F\u202E]/);
  });

  const names = fc.oneof(
    fc.constantFrom('cma-es', '最適化アルゴリズム', '👩‍👩‍👧‍👦family', 'e\u0301te\u0301', '\u001B[31mred', ''),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  const values = fc.oneof(fc.constant(null), fc.double({ noNaN: true }), fc.constantFrom(0, 1e-300, -1e300));
  const lives = fc.array(
    fc.record({
      id: fc.nat(100_000),
      type: names,
      phase: fc.constantFrom('starting' as const, 'running' as const, 'ending' as const),
      evaluations: fc.nat(),
      current: values,
      best: values,
    }),
    { maxLength: 40 },
  );
  const told = fc.array(fc.record({ callId: fc.nat(), text: names }), { maxLength: 6 });

  it('is never wider or higher than the terminal, whatever there is to show', () => {
    fc.assert(
      fc.property(
        fc.record({
          live: lives,
          kills: told,
          notices: told,
          reason: names,
          isPaused: fc.boolean(),
          trail: fc.array(fc.double(), { maxLength: 70 }),
          columns: fc.integer({ min: 1, max: 400 }),
          rows: fc.integer({ min: 1, max: 100 }),
          isUnicode: fc.boolean(),
        }),
        ({ live: all, kills, notices, reason, isPaused, trail, columns, rows, isUnicode }) => {
          const of = scene({
            progress: progress({ live: all, isPaused }),
            pauseReason: reason,
            trails: new Map(all.map(({ id }) => [id, trail])),
            kills,
            notices,
          });
          const lines = textsOf(of, { columns, rows, isUnicode });
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) {
            expect(line).not.toMatch(/[\n\r\t]/);
            expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
