import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { plainToYaml } from '../../../src/config/write.ts';
import { GloMPOManager, type GloMPOManagerOptions } from '../../../src/index.ts';
import { type Report, reportOf } from '../../../src/views/report/report.ts';
import { query } from '../../support/database.ts';
import { Folder } from '../../support/folder.ts';
import { parsedSvgs } from '../../support/xml.ts';

const OPTIONS: GloMPOManagerOptions = {
  task: { benchmark: 'rastrigin', dimension: 3 },
  optimizers: [{ 'cma-es': { populationSize: 8 } }, 'nelder-mead'],
  hunters: { 'evaluations-unmoving': { calls: 60, tolerance: 0.1 } },
  stop: { 'max-evaluations': 3000 },
  manager: { maxJobs: 3, backend: 'inline', huntFrequency: 100, seed: 7, shareBest: true },
};

async function run(dir: string, options: Partial<GloMPOManagerOptions> = {}): Promise<void> {
  await using manager = new GloMPOManager({ ...OPTIONS, ...options, dir } as GloMPOManagerOptions);
  await manager.start();
}

async function report(dir: string): Promise<Report> {
  return reportOf(dir, { settings: plainToYaml, at: 0, turn: async () => Promise.resolve() });
}

/** Changes a log, as anybody may. */
function change(dir: string, sql: string): void {
  const db = new Database(`${dir}/run.sqlite`);
  db.exec(sql);
  db.close();
}

/** Of some texts those that a page lacks: a page as a whole says little when a test fails. */
function missing(html: string, texts: readonly string[]): readonly string[] {
  const summary = /<div class="summary">.*?<\/div>/s.exec(html)?.[0] ?? '';
  return texts.filter((text) => !html.includes(text)).map((text) => `${text} is not in ${summary}`);
}

const ALWAYS = ['values', 'values-over-time', 'best-so-far', 'slots'];
const WITH_VALUES = [...ALWAYS, 'parameters', 'parallel-optimizers', 'parallel-best'];

describe('a report', () => {
  it('says in words that can be pasted into a paper what was done, and what came of it', async () => {
    using folder = new Folder();
    await run(folder.at('run'));
    const { html, plots } = await report(folder.at('run'));
    const [best] = query<{ fx: number; call: number }>(
      folder.at('run'),
      'SELECT fx, call_id AS call FROM evaluations ORDER BY fx, call_id LIMIT 1',
    );
    const said = [
      'The benchmark rastrigin (dimension 3) (3 parameters, 3 of them free) was minimized with GloMPO [1], by glompo 0.1.0',
      'Optimizers ran on 3 slots (backend inline): cma-es (',
      'killed by the condition evaluations-unmoving(calls 60, tolerance 0.1',
      'The run was to stop by max-evaluations(evaluations 3000)',
      'The seed of all random draws was 7; the run was not in reproducible mode',
      'took 3,000 evaluations',
      `The best value is ${best!.fx} (evaluation ${best!.call.toLocaleString('en')}`,
      'Journal of Cheminformatics 14:7 (2022)',
      'populationSize: 8',
      'killed by',
      ' were killed, ',
    ];
    expect(missing(html, said)).toEqual([]);
    expect(plots.map(({ name }) => name)).toEqual(WITH_VALUES);
    expect(html.length).toBeLessThan(1_000_000);
  });

  it('has no scripts, and loads nothing', async () => {
    using folder = new Folder();
    await run(folder.at('run'));
    const { html } = await report(folder.at('run'));
    expect(missing(html, [`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`])).toEqual(
      [],
    );
    expect(html).not.toMatch(/<(?:script|link|img|iframe|object)|\b(?:src|href)=|url\(|@import/);
  });

  it('draws what is in the picture of the run', async () => {
    using folder = new Folder();
    // Of a run that is the same each time: what there is to be drawn would depend on how its optimizers take turns.
    await run(folder.at('run'), { manager: { ...OPTIONS.manager, reproducible: true } });
    const { plots, material } = await report(folder.at('run'));
    const parsed = new Map(parsedSvgs(plots.map(({ svg }) => svg)).map((one, i) => [plots[i]!.name, one]));
    const { counts } = material.picture.run;
    expect(parsed.get('values')!.title).toContain(`Values of ${counts.started} optimizers over evaluations`);
    for (const word of [
      'best of the run',
      'started',
      'killed',
      'stopped',
      'cma-es',
      'nelder-mead',
      'evaluations',
      'stop',
    ])
      expect(parsed.get('values')!.texts).toContain(word);
    expect(parsed.get('values')!.texts).toContain('point shown to others');
    expect(parsed.get('values-over-time')!.texts).toContain('time of the run');
    for (const name of ['x1', 'x2', 'x3']) {
      expect(parsed.get('parameters')!.texts).toContain(name);
      expect(parsed.get('parallel-best')!.texts).toContain(name);
    }
    // A subpath for each optimizer that has a slot, in the colours of two types.
    const slots = plots.find(({ name }) => name === 'slots')!.svg;
    expect([...slots.matchAll(/H[\d.]+z/g)]).toHaveLength(counts.started);
    const parallel = plots.find(({ name }) => name === 'parallel-best')!.svg;
    expect([...parallel.matchAll(/stroke-opacity="0.7"/g)]).toHaveLength(49);
    for (const { svg } of plots) expect(/.{30}(?:NaN|Infinity|undefined)/.exec(svg)?.[0]).toBeUndefined();
  });

  it('shows whatever stands in a log as text, also what XML has no place for', async () => {
    using folder = new Folder();
    const nasty = '<img src=x onerror="alert(1)">&amp;\u0001\u202E\uD800\uFFFF]]>';
    folder.write(
      'task.mjs',
      `export default (x) => { if (x[0] > 0.5) throw new Error(${JSON.stringify(nasty)}); return x[0] * x[0]; };`,
    );
    await run(folder.at('run'), {
      task: { module: folder.at('task.mjs') },
      parameters: [
        { name: '<b>&', min: -1, max: 1 },
        { name: '__proto__', min: 0, max: 1 },
      ],
      stop: { 'max-evaluations': 300 },
    });
    const text = JSON.stringify(nasty).replaceAll("'", "''");
    change(
      folder.at('run'),
      `UPDATE optimizers SET reason = ${"json_extract('[' || '" + text + "' || ']', '$[0]')"}, type = CASE optimizer_id WHEN 1 THEN '<script>alert(2)</script>' ELSE type END;
       UPDATE run SET value = '[${text},"</style>"]' WHERE key = 'names';
       UPDATE run SET value = '${text}' WHERE key IN ('stopReason', 'host', 'platform');
       UPDATE events SET message = '<script>alert(3)</script>';`,
    );
    const { html, plots } = await report(folder.at('run'));
    expect(html).not.toMatch(/<script|<img|<b>|<\/style>[^<]*<\/style>/);
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(html).not.toMatch(/[\u0001\u202E\uFFFF]/);
    expect(html.isWellFormed()).toBe(true);
    const parsed = parsedSvgs(plots.map(({ svg }) => svg));
    expect(
      parsed.flatMap(({ tags }) => tags).filter((tag) => !/^(?:svg|g|path|text|title|rect)$/.test(tag)),
    ).toEqual([]);
    expect(parsed[0]!.texts).toContain('<script>alert(2)</script>');
  });

  it('is one of a log with nonsense, too, or says that it is damaged', async () => {
    using folder = new Folder();
    await run(folder.at('run'), { stop: { 'max-evaluations': 100 } });
    change(
      folder.at('run'),
      `UPDATE run SET value = '[1,null,{"fx":"x"}]' WHERE key = 'minima';
       INSERT OR REPLACE INTO run VALUES ('vitals', '{"at":[1,2],"cores":"many"}');
       UPDATE run SET value = '{"fit":{"residuals":[]},"noise":3}' WHERE key = 'result';
       UPDATE run SET value = '{"task":{"benchmark":{}},"parameters":[1,null,[]],"optimizers":5,"stop":[{}]}' WHERE key = 'config';`,
    );
    expect((await report(folder.at('run'))).html).toContain('</html>');
    change(folder.at('run'), `UPDATE run SET value = '{' WHERE key = 'config';`);
    await expect(report(folder.at('run'))).rejects.toMatchObject({ code: 'log-unusable' });
  });

  it.each([
    ['without any value', 'throw new Error("no")', 40, ALWAYS, 'No evaluation gave a value.'],
    ['with one evaluation', 'return x[0]', 1, WITH_VALUES, 'took 1 evaluation in'],
    [
      'with nothing but infeasible points',
      'return { value: x[0], violation: 1 + x[1] }',
      40,
      ALWAYS,
      'No feasible point was found. The nearest',
    ],
    ['with huge values', 'return x[0] > 0 ? 1.7e308 : -1.7e308 * x[1]', 200, WITH_VALUES, 'e+30'],
    ['with one value everywhere', 'return 5', 60, WITH_VALUES, 'The best value is 5 '],
  ])('is made of a run %s', async (_, code, evaluations, names, said) => {
    using folder = new Folder();
    folder.write('task.mjs', `export default (x) => { ${code}; };`);
    await run(folder.at('run'), {
      task: { module: folder.at('task.mjs') },
      parameters: [
        { name: 'a', min: -1, max: 1 },
        { name: 'b', min: 0, max: 1 },
      ],
      stop: { 'max-evaluations': evaluations },
      manager: { ...OPTIONS.manager, maxJobs: 1 },
    });
    const { html, plots } = await report(folder.at('run'));
    expect(plots.map(({ name }) => name)).toEqual(names);
    expect(missing(html, [said])).toEqual([]);
    parsedSvgs(plots.map(({ svg }) => svg));
    for (const { svg } of plots) expect(/.{30}(?:NaN|Infinity)/.exec(svg)?.[0]).toBeUndefined();
  });

  it('says how many of a hundred parameters have a plot', async () => {
    using folder = new Folder();
    await run(folder.at('run'), {
      task: { benchmark: 'rastrigin', dimension: 100 },
      stop: { 'max-evaluations': 400 },
    });
    const { html, plots } = await report(folder.at('run'));
    const titles = parsedSvgs(plots.map(({ svg }) => svg)).map(({ title }) => title);
    expect(titles.join('\n')).toContain('the first 30 of 100 free parameters');
    expect(titles.join('\n')).toContain('the first 40 of 100 parameters');
    expect(missing(html, ['and 76 more'])).toEqual([]);
    expect(html.length).toBeLessThan(1_500_000);
  });

  it('is made of a run that has begun and nothing else', async () => {
    using folder = new Folder();
    await run(folder.at('run'), { stop: { 'max-evaluations': 100 } });
    change(
      folder.at('run'),
      `DELETE FROM evaluations; DELETE FROM optimizers; DELETE FROM events; DELETE FROM batches;
       DELETE FROM run WHERE key IN ('result', 'minima', 'endedAt', 'stopReason', 'utilisation');
       UPDATE run SET value = '"running"' WHERE key = 'status'; UPDATE run SET value = '999999' WHERE key = 'managerPid';`,
    );
    const { html, plots } = await report(folder.at('run'));
    expect(missing(html, ['its manager died, and it can be resumed'])).toEqual([]);
    expect(missing(html, ['No optimizer was started.'])).toEqual([]);
    expect(plots.map(({ name }) => name)).toEqual(ALWAYS);
    parsedSvgs(plots.map(({ svg }) => svg));
  });

  it('says of each parameter what kind it is', async () => {
    using folder = new Folder();
    folder.write('task.mjs', 'export default (x) => x[0] + x[1];');
    await run(folder.at('run'), {
      task: { module: folder.at('task.mjs') },
      parameters: [
        { name: 'a', min: 1, max: 2, scale: 'log' },
        { name: 'b', value: 3 },
        { name: 'c', value: '= 2 * a' },
      ],
      stop: { 'max-evaluations': 100 },
    });
    const { html } = await report(folder.at('run'));
    const rows = [...html.matchAll(/<tr><th scope="row">([abc])<\/th>.*<td>([^<]*)<\/td><\/tr>/g)];
    expect(rows.map(([, name, kind]) => [name, kind])).toEqual([
      ['a', 'free, log'],
      ['b', 'fixed'],
      ['c', 'tied'],
    ]);
    expect(missing(html, ['(3 parameters, 1 of them free)'])).toEqual([]);
  });

  it('has the standard errors of a fit', async () => {
    using folder = new Folder();
    folder.write(
      'task.mjs',
      'export default (x) => ({ residuals: [1, 2, 3, 4, 5].map((t) => x[0] + x[1] * t - 2 * t - 1 - (t % 2) / 10) });',
    );
    await run(folder.at('run'), {
      task: { module: folder.at('task.mjs'), residuals: {} } as never,
      parameters: [
        { name: 'a', min: -5, max: 5 },
        { name: 'b', min: -5, max: 5 },
      ],
      optimizers: ['levenberg-marquardt'],
      stop: { 'max-evaluations': 200 },
    });
    const { html } = await report(folder.at('run'));
    expect(missing(html, ['Of 5 residuals the standard deviation is'])).toEqual([]);
    expect(missing(html, ['standard error</th>'])).toEqual([]);
  });
});
