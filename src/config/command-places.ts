import type { CommandSpec } from '../tasks/command/spec.ts';
import { readTemplate } from '../tasks/command/templates.ts';
import { parsePlaceholders } from '../tasks/text/placeholders.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';

/** Checks what stands in braces against the parameters, once these are known. */
export function checkPlaces(
  { argv, shell, environment, templates, dakota }: CommandSpec,
  names: readonly string[],
  path: Path,
  problems: Problems,
): void {
  const checkText = (text: string, at: Path): void => {
    if (text.includes('\0')) problems.add(at, 'has a NUL in it, which no argument can have');
    for (const { message } of parsePlaceholders(text, 'arguments', names).faults)
      problems.add(at, `${message} (write {{…}} for a text in braces)`);
  };
  for (const [i, text] of argv.entries())
    checkText(text, shell ? [...path, 'command'] : [...path, 'command', i]);
  if (shell && /\{@(?:directory|config)\}/.test(argv[0]!))
    problems.add(
      [...path, 'command'],
      'in a text for the shell write "$GLOMPO_DIRECTORY" and "$GLOMPO_CONFIG", which any path survives',
    );
  const spaced = dakota && dakota.format !== 'json' && names.find((name) => /[\s{}=]/.test(name));
  if (spaced)
    problems.add(
      [...path, 'dakota'],
      `the parameter ${JSON.stringify(spaced)} cannot be a label in Dakota's ${dakota.format} format: rename it, or use format: json`,
    );
  for (const [name, text] of Object.entries(environment?.set ?? {}))
    checkText(text, [...path, 'environment', 'set', name]);
  for (const file of templates) {
    const read = readTemplate(file, names);
    for (const fault of 'fault' in read ? [read.fault] : read.faults)
      problems.add([...path, 'templates', file.to], fault);
  }
}
