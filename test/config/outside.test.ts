import { describe, expect, it } from 'vitest';
import { probeOptimizer } from '../../src/backends/outside/probe.ts';
import { toYaml } from '../../src/config/write.ts';
import { WALKER } from '../backends/outside/support.ts';
import { dir, load, refusal, TASK } from './support.ts';

/** A walker in YAML. */
const command = (options: object, patienceSeconds = 30): string =>
  `program: { command: ${JSON.stringify(WALKER)}, options: ${JSON.stringify(options)}, patienceSeconds: ${patienceSeconds} }`;

describe('optimizers in processes of their own', () => {
  it('are written like others, with paths relative to the file', async () => {
    const config = await load(
      `${TASK}optimizers:
  - scipy: nelder-mead
  - scipy: { method: powell, options: { ftol: 1e-3, deep: [{ a: 1 }] }, python: env/bin/python, maxStarts: 2 }
  - program: [./mine, --fast]
  - program: { command: [python3, mine.py], cwd: sub, options: { a: { b: [1] } }, patienceSeconds: 5 }
  - pycma
  - nevergrad: { optimizer: OnePlusOne, generator: incumbent }
`,
    );
    expect(config.optimizers.use.map(({ name, options }) => ({ [name]: options }))).toEqual([
      { scipy: { method: 'nelder-mead', differenceStep: 1.5e-8, python: 'python3', patienceSeconds: 600 } },
      {
        scipy: {
          method: 'powell',
          options: { ftol: 1e-3, deep: [{ a: 1 }] },
          differenceStep: 1.5e-8,
          python: `${dir}/env/bin/python`,
          patienceSeconds: 600,
        },
      },
      { program: { command: [`${dir}/mine`, '--fast'], cwd: dir, patienceSeconds: 600 } },
      {
        program: {
          command: ['python3', 'mine.py'],
          cwd: `${dir}/sub`,
          options: { a: { b: [1] } },
          patienceSeconds: 5,
        },
      },
      { pycma: { sigma0: 0.25, python: 'python3', patienceSeconds: 600 } },
      { nevergrad: { optimizer: 'OnePlusOne', budget: 1000, python: 'python3', patienceSeconds: 600 } },
    ]);
    expect((await load(toYaml(config))).optimizers).toEqual(config.optimizers);
  });

  it.each([
    ['scpy: cg', 'unknown optimizer scpy; did you mean scipy?'],
    ['scipy: nelder', 'optimizers[0].scipy: expected one of nelder-mead, powell,'],
    ['scipy', 'optimizers[0].scipy.method: expected one of nelder-mead, powell,'],
    ['scipy: { method: cg, pyhton: x }', 'pyhton: unknown option; did you mean python?'],
    ['program: { command: [] }', 'program.command: expected a list of at least 1, got an empty list'],
    ["program: ['']", 'command: expected the name of a program first'],
    ['pycma: { sigma0: 0 }', 'pycma.sigma0: expected a number in (0, 1], got 0'],
    ['pycma: { options: 5 }', 'pycma.options: expected a map of names to values, got 5'],
    ['nevergrad: { budget: 0.5 }', 'nevergrad.budget: expected an integer >= 1, got 0.5'],
  ])('are checked: %s', async (text, message) => {
    const item = text.includes(':') ? `{ ${text} }` : text;
    expect((await refusal(`${TASK}optimizers: [${item}]`)).join('\n')).toContain(message);
  });

  it.each([
    ['program: ./not-there', 'not-there ENOENT'],
    ['program: no-such-program-at-all', 'no-such-program-at-all ENOENT'],
    ['program: ["true"]', 'the program of program is gone: its process ended with exit code 0'],
    ['pycma: { python: /no/python }', '/no/python ENOENT'],
    [
      command({ ready: { type: 'ready', protocol: 2 } }),
      'speaks protocol 2 of optimizers, and this glompo speaks 1',
    ],
    [
      command({ ready: { type: 'ready' } }),
      'ready with the wrong protocol: expected a number, got undefined',
    ],
    [command({ ready: { type: 'ready', protocol: 1, uses: ['luck'] } }), 'ready with the wrong uses'],
    [command({ ready: { type: 'done' } }), 'sent done before it was ready'],
    [command({ silent: true }, 0.5), 'said nothing for 0.5 s (patienceSeconds)'],
  ])('are tried, and what is wrong with one is told where it stands: %s', async (text, message) => {
    const wrapped =
      text.startsWith('program: .') || text.startsWith('program: n')
        ? text.replace(/: (.+)$/, ': [$1]')
        : text;
    const [line, ...more] = await refusal(`${TASK}optimizers: [random, { ${wrapped} }]`, { probeOptimizer });
    expect(line).toMatch(/2:\d+ optimizers\[1\]\.(program|pycma): /u);
    expect(line).toContain(message);
    expect(more).toEqual([]);
  });

  it('are left alone when nobody tries them, and valid when they are ready', async () => {
    const { optimizers } = await load(`${TASK}optimizers: [{ program: [./not-there] }]`);
    expect(optimizers.use).toHaveLength(1);
    await expect(load(`${TASK}optimizers: [{ ${command({})} }]`, { probeOptimizer })).resolves.toBeDefined();
  });

  it('may not announce points while others are evaluated in a reproducible run', async () => {
    const text = `${TASK}optimizers: [{ ${command({ async: true })} }]\nmanager: { reproducible: true }`;
    expect((await refusal(text, { probeOptimizer })).join()).toContain(
      '(async), which a reproducible run does not allow',
    );
  });
});
