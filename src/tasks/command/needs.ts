import { existsSync } from 'node:fs';
import { filesOf } from '../files.ts';
import { findProgram } from '../find-program.ts';
import type { CommandSpec } from './spec.ts';

/**
 * What a program that is started for each evaluation needs of a machine: a filesystem may go away, and then all of them fail there.
 *
 * @returns tells what was there at first and is not any more, if anything
 */
export function needsOf(spec: CommandSpec): () => string | undefined {
  const { argv, shell, cwd, workDirectory: { copy, link } = { copy: [], link: [] } } = spec;
  const files = [cwd, ...filesOf(spec), ...copy, ...link].filter((file) => existsSync(file));
  const [program = ''] = argv;
  const isProgramKnown = !shell && findProgram(program, cwd) !== undefined;
  return () => {
    const gone = files.find((file) => !existsSync(file));
    if (gone !== undefined) return `${gone} is not there any more`;
    return isProgramKnown && findProgram(program, cwd) === undefined
      ? `${program} cannot be started any more`
      : undefined;
  };
}
