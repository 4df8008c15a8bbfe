import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { Folder } from '../support/folder.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** As strict as a compiler can be, and with the declarations of what it imports checked as well. */
const STRICT = {
  target: 'esnext',
  lib: ['esnext'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedDeclarations: true,
  declaration: true,
  skipLibCheck: false,
  noEmit: true,
  // Packages are looked for where they are linked: not beside this repository's own, which has types that users have not got.
  preserveSymlinks: true,
};

/** Has to give types to all that it exports, so they need names. */
const CONSUMER = `
import {
  any, type CommandOutcome, type Finding, GloMPOManager, type LoggedEvaluation, LogReader, type ManagerInput, type ManagerSettings,
  type RunInput, type Checkpoint, type TaskReturn, type EvaluationContext,
} from 'glompo';
import { type HunterComponent, type Hunter, type HuntContext, options, type Plugin, type SelectorSetup } from 'glompo/plugin';
import { type CallResult, Pool } from 'glompo/pool';

export function task(x: Float64Array, { cutoff }: EvaluationContext): TaskReturn {
  return x[0]! > cutoff ? { value: cutoff, censored: true } : x[0]!;
}
export const input: RunInput = { task: { module: 'task.ts' }, stop: any({ 'max-evaluations': 5 }, 'target-value') };
export const settings: ManagerInput = { maxJobs: 4 };
export const slots = ({ maxJobs }: ManagerSettings): number => maxJobs;
export const manager: GloMPOManager = new GloMPOManager({ ...input, dir: 'runs/one', manager: { ...settings } });
export const stop = (): CommandOutcome => manager.stop('enough');
export class Never implements Hunter {
  readonly name: string = 'never';
  examine({ victim }: HuntContext): Finding {
    return { holds: false, detail: String(victim.calls) };
  }
}
const never: HunterComponent<object> = { name: 'never', summary: '', options: options({}), create: () => new Never() };
export const plugin: Plugin = { hunters: [never] };
export const setup: SelectorSetup = { types: 1 };
export const checkpoints = (log: LogReader): readonly Checkpoint[] => log.checkpoints();
export const rows = (log: LogReader): Iterable<LoggedEvaluation> => log.evaluations();
export const settled = (pool: Pool): Promise<CallResult<number, { error: 'collect' }>[]> =>
  pool.map((x) => x + 1, [1], { error: 'collect' });

// @ts-expect-error -- it is called dir
new GloMPOManager({ task: { benchmark: 'sphere', dimension: 2 }, directory: 'runs/one' });
// @ts-expect-error -- a run is resumed by GloMPOManager.resume
new GloMPOManager({ directory: 'runs/one', options: {} });
// @ts-expect-error -- there is no such option
new GloMPOManager({ task: { benchmark: 'sphere', dimension: 2 }, manager: { maxJob: 4 } });
`;

/** Made by \`npm run build\`, which \`npm test\` does first. */
describe.skipIf(!existsSync(path.join(root, 'dist')))('the declarations of the package', () => {
  it.each([
    { module: 'nodenext', moduleResolution: 'nodenext' },
    { module: 'preserve', moduleResolution: 'bundler' },
  ])(
    'are whole with the packages that npm installs, with resolution $moduleResolution',
    async (resolution) => {
      using folder = new Folder();
      const link = (name: string): void => {
        folder.made(path.dirname(path.join('node_modules', name)));
        symlinkSync(path.join(root, 'node_modules', name), folder.at(`node_modules/${name}`));
      };
      for (const name of ['better-sqlite3', 'piscina', 'rxjs', '@types/node', 'undici-types']) link(name);
      folder.made('node_modules/glompo');
      for (const name of ['dist', 'package.json'])
        symlinkSync(path.join(root, name), folder.at(`node_modules/glompo/${name}`));
      folder.write('package.json', '{ "type": "module" }');
      folder.write('consumer.ts', CONSUMER);
      folder.write(
        'tsconfig.json',
        JSON.stringify({ compilerOptions: { ...STRICT, ...resolution }, files: ['consumer.ts'] }),
      );
      const { stdout } = await execa(path.join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.'], {
        cwd: folder.path,
        reject: false,
      });
      expect(stdout).toBe('');
    },
  );
});
