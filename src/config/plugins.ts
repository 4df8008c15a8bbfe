import { resolve } from 'node:path';
import { checkers } from '../checkers/registry.ts';
import { messageOf } from '../core/errors.ts';
import { loadPlugin, plugAgain, type Registries } from '../core/plugins.ts';
import { generators } from '../generators/registry.ts';
import { hunters } from '../hunters/registry.ts';
import { optimizers } from '../optimizers/registry.ts';
import { selectors } from '../selectors/registry.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { shown } from './raw.ts';

const REGISTRIES = { optimizers, hunters, checkers, selectors, generators } as unknown as Registries;

/**
 * Makes the components of these plug-ins the ones that are found by their names, until something is waited for: a process may have several runs at
 * once, with plug-ins that give the same names to different things.
 */
export function plugIn(plugins: readonly string[]): void {
  plugAgain(plugins, REGISTRIES);
}

/** Reads `plugins`, and loads them: what they bring may be named in the rest of the configuration. @returns absolute paths */
export async function readPlugins(
  value: unknown,
  path: Path,
  problems: Problems,
  baseDir: string,
): Promise<readonly string[]> {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problems.add(path, `expected a list of modules, got ${shown(value)}`);
    return [];
  }
  const plugins: string[] = [];
  const owners = new Map<string, string>();
  for (const [i, item] of value.entries()) {
    if (typeof item !== 'string') {
      problems.add([...path, i], `expected the path of a module, got ${shown(item)}`);
      continue;
    }
    const plugin = resolve(baseDir, item);
    try {
      for (const component of await loadPlugin(plugin, REGISTRIES)) {
        const owner = owners.get(component);
        if (owner !== undefined && owner !== plugin)
          problems.add([...path, i], `the ${component} comes with ${owner} already; choose another name`);
        owners.set(component, plugin);
      }
      plugins.push(plugin);
    } catch (error) {
      problems.add([...path, i], messageOf(error));
    }
  }
  return plugins;
}
