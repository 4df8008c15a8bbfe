import path from 'node:path';
import { schemaLine } from '../../config/schema-file.ts';
import {
  benchmarkLines,
  commandLines,
  moduleLines,
  pythonLines,
  type TaskLines,
} from '../../config/starter-task.ts';
import { starterText } from '../../config/starter.ts';
import type { TaskAnswer } from './answers.ts';
import type { Settled } from './settle.ts';

/** @param file of the configuration: paths in it are relative to it, those in answers to the working directory */
export function configText(file: string, { task, parameters, evaluations, maxJobs, seed }: Settled): string {
  const directory = path.dirname(path.resolve(file));
  const heading = [
    schemaLine(directory),
    '',
    '# A configuration of glompo. Lines that begin with # and no blank are defaults or examples: take the # away to change them.',
  ];
  const starter = {
    task: taskLines(task, directory),
    parameters,
    free: parameters.length || 10,
    ...(evaluations === undefined ? {} : { maxEvaluations: evaluations }),
    ...(maxJobs === undefined ? {} : { maxJobs }),
    ...(seed === undefined ? {} : { seed }),
  };
  return starterText(starter, heading);
}

function taskLines(task: TaskAnswer, directory: string): TaskLines {
  const from = (file: string): string =>
    path.relative(directory, path.resolve(file)).replaceAll(path.sep, '/');
  switch (task.kind) {
    case 'module':
      return moduleLines(from(task.file));
    case 'python':
      return pythonLines(task.name === '' ? from(task.file) : `${from(task.file)}:${task.name}`);
    case 'benchmark':
      return benchmarkLines(task.name);
    case 'command': {
      const [program = '', ...rest] = task.argv;
      const isRelative = program.includes('/') && !path.isAbsolute(program);
      const found = isRelative ? from(program) : program;
      return commandLines([isRelative && !found.startsWith('.') ? `./${found}` : found, ...rest]);
    }
  }
}
