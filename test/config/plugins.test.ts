import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problems.ts';
import { Folder } from '../support/folder.ts';

const REST = 'task: { benchmark: sphere, dimension: 2 }\n';

/** The messages of a refused configuration, without the places of the test's folder. */
async function refusal(folder: Folder, plugins: string, rest = ''): Promise<readonly string[]> {
  const file = folder.write('c.yaml', `plugins: ${plugins}\n${REST}${rest}`);
  try {
    await loadConfig(file);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.message
        .split('\n')
        .filter((line) => line.includes('plugins'))
        .map((line) => line.replaceAll(folder.path, '').trim());
    throw error;
  }
  return [];
}

describe('plugins', () => {
  it.each([
    ['5', /plugins: expected a list of modules, got 5/],
    ['[5]', /plugins\[0\]: expected the path of a module, got 5/],
    ['[none.mjs]', /1:11 plugins\[0\]: plug-in .*none\.mjs cannot be imported: Cannot find module/],
    ['[syntax.mjs]', /plugins\[0\]: plug-in .*syntax\.mjs cannot be imported: /],
    [
      '[nothing.mjs]',
      /nothing\.mjs: expected a default export \{ optimizers\?, hunters\?, .*\}, got undefined/,
    ],
    ['[kind.mjs]', /kind\.mjs: unknown kind hunter, expected optimizers, hunters, /],
    ['[list.mjs]', /list\.mjs: hunters: expected a list, got/],
    [
      '[name.mjs]',
      /name\.mjs: hunters\[0\]: expected a name of small letters, digits and hyphens, got "My Hunter"/,
    ],
    ['[create.mjs]', /create\.mjs: hunters\[0\]: x: expected a function create, got undefined/],
    ['[a.mjs, b.mjs]', /1:18 plugins\[1\]: the hunter mine comes with \/a\.mjs already; choose another name/],
    ['[taken.mjs]', /plugins\[0\]: the hunter name best-unmoving is taken; choose another/],
  ])('%s is refused where it stands', async (plugins, said) => {
    using folder = new Folder();
    folder.write('syntax.mjs', 'export default {');
    folder.write('nothing.mjs', 'export const a = 1;');
    folder.write('kind.mjs', 'export default { hunter: [] };');
    folder.write('list.mjs', 'export default { hunters: {} };');
    folder.write('name.mjs', `export default { hunters: [{ name: 'My Hunter', create() {} }] };`);
    folder.write('create.mjs', `export default { hunters: [{ name: 'x' }] };`);
    for (const name of ['a.mjs', 'b.mjs'])
      folder.write(name, `export default { hunters: [{ name: 'mine', create() {} }] };`);
    folder.write('taken.mjs', `export default { hunters: [{ name: 'best-unmoving', create() {} }] };`);
    expect((await refusal(folder, plugins)).join('\n')).toMatch(said);
  });

  it('bring components along, with options that are checked as those of ours are', async () => {
    using folder = new Folder();
    folder.write(
      'good.mjs',
      `export default { hunters: [{
        name: 'patience',
        summary: 'waits',
        options: { type: 'object', additionalProperties: false, required: ['calls'],
          properties: { calls: { description: 'how long', type: 'integer', minimum: 1 } } },
        fault: ({ calls }) => calls === 13 ? 'calls must not be 13' : undefined,
        create: ({ calls }) => ({ name: 'patience', examine: ({ victim }) => ({ holds: victim.calls > calls, detail: '' }) }),
      }] };`,
    );
    const load = async (hunters: string): Promise<unknown> =>
      (await loadConfig(folder.write('c.yaml', `plugins: [good.mjs]\n${REST}hunters: ${hunters}\n`))).hunters;
    expect(await load('{ patience: 5 }')).toEqual({ name: 'patience', options: { calls: 5 } });
    await expect(load('{ patience: 0 }')).rejects.toThrow('expected an integer >= 1, got 0');
    await expect(load('{ patience: 13 }')).rejects.toThrow('hunters.patience: calls must not be 13');
    // Loaded again, it does not take its own names.
    expect(await load('{ patience: 6 }')).toEqual({ name: 'patience', options: { calls: 6 } });
  });
});
