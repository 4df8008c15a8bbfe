import type { EnvironmentRule } from './contract.ts';

/** What programs need to find others, themselves and their files, and what an allow-list need not name. */
const ALWAYS = ['PATH', 'HOME', 'TMPDIR'] as const;

/**
 * The environment of a program: what a rule passes on of `env`, and what it sets.
 *
 * @param text fills in the places of a value that is set
 */
export function environmentOf(
  rule: EnvironmentRule | undefined,
  env: NodeJS.ProcessEnv,
  text: (template: string) => string = (template) => template,
): Readonly<Record<string, string | undefined>> {
  const { pass, set = {} } = rule ?? {};
  const names = pass && new RegExp(`^(?:${[...ALWAYS, ...pass].map(patternOf).join('|')})$`);
  const passed = names ? Object.entries(env).filter(([name]) => names.test(name)) : Object.entries(env);
  return Object.fromEntries([
    ...passed,
    ...Object.entries(set).map(([name, template]) => [name, text(template)] as const),
  ]);
}

function patternOf(name: string): string {
  return name.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
}
