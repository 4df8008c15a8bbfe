import { ENGINE_TOKEN } from '../core/secrets.ts';
import { COOKIES_VARIABLE, type Environment } from '../processes/cookie.ts';
import type { EnvironmentRule } from './contract.ts';

/**
 * What no list leaves out: where programs find others, and their files; and the cookies, by which a process is found whose run is gone.
 */
const ALWAYS = ['PATH', 'HOME', 'TMPDIR', COOKIES_VARIABLE];

/**
 * The environment that a program gets. The token of an engine is passed on where a list says so, and not where there is none.
 *
 * @param env what there is to be passed on
 * @param text makes a value of what `rule.set` has
 */
export function environmentOf(
  rule: EnvironmentRule | undefined,
  env: NodeJS.ProcessEnv,
  text: (template: string) => string = (template) => template,
): Environment {
  const { pass, set = {} } = rule ?? {};
  const passed = pass && [...pass, ...ALWAYS].map(patternOf);
  return Object.fromEntries([
    ...Object.entries(env).filter(([name]) =>
      passed ? passed.some((pattern) => pattern.test(name)) : name !== ENGINE_TOKEN,
    ),
    ...Object.entries(set).map(([name, template]) => [name, text(template)] as const),
  ]);
}

function patternOf(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
