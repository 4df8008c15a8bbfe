import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namedOptimizers } from '../../src/optimizers/registry.ts';
import { dir, load, refusal, TASK } from './support.ts';

const unknown = (name: string, near: string): string =>
  `unknown optimizer ${name}${near} (known: ${namedOptimizers.names().join(', ')})`;

describe('the types that optimizer-type hunts', () => {
  it.each([
    [
      '{ all: [{ optimizer-type: { types: [cmaes] } }, { min-evaluations: 50 }] }',
      `2:46 hunters.all[0].optimizer-type.types[0]: ${unknown('cmaes', '; did you mean cma-es?')}`,
    ],
    [
      '{ not: { any: [{ optimizer-type: [random, xyzzyx] }] } }',
      `2:52 hunters.not.any[0].optimizer-type[1]: ${unknown('xyzzyx', '')}`,
    ],
  ])('are types that there are: %s', async (hunters, line) => {
    expect(await refusal(`${TASK}hunters: ${hunters}`)).toEqual([`c.yaml:${line}`]);
  });

  it('are told with all other mistakes', async () => {
    expect(
      await refusal(`${TASK}hunters: { any: [{ optimizer-type: [bfg, sobl] }, { min-evaluations: 0 }] }`),
    ).toEqual([
      expect.stringMatching(/2:37 .*\[0\]: unknown optimizer bfg; did you mean bfgs\?/),
      expect.stringMatching(/2:42 .*\[1\]: unknown optimizer sobl; did you mean sobol\?/),
      expect.stringMatching(/min-evaluations: expected/),
    ]);
  });

  it('may be any optimizer, configured or not, outside ones and those of plug-ins included', async () => {
    writeFileSync(
      join(dir, 'plugin.mjs'),
      `export default { optimizers: [{ name: 'hunted-type', create() {} }] };`,
    );
    const types = ['cma-es', 'scipy', 'hunted-type'];
    const config = await load(
      `plugins: [plugin.mjs]\n${TASK}hunters: { optimizer-type: [${types.join()}] }\noptimizers: [random]`,
    );
    expect(config.hunters).toStrictEqual({ name: 'optimizer-type', options: { types } });
  });
});
