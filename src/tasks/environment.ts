import { COOKIES_VARIABLE, type Environment } from '../processes/cookie.ts';
import type { EnvironmentRule } from './contract.ts';

/**
 * The environment that a program gets.
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
  // By its cookies a process is found whose run is gone, so no list leaves them out.
  const passed = pass && [...pass, COOKIES_VARIABLE].map(patternOf);
  return Object.fromEntries([
    ...Object.entries(env).filter(([name]) => !passed || passed.some((pattern) => pattern.test(name))),
    ...Object.entries(set).map(([name, template]) => [name, text(template)] as const),
  ]);
}

function patternOf(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
