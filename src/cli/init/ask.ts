import type { StarterParameter } from '../../config/starter.ts';
import {
  KINDS,
  parseBenchmark,
  parseCommand,
  parseCount,
  parseModule,
  parseParameter,
  parsePython,
  type TaskAnswer,
} from './answers.ts';

/** Ctrl-C at a question. */
export class Cancelled extends Error {}

type Prompts = typeof import('@clack/prompts');

/** Questions on a terminal. Standard output is for results. */
export class Asker {
  readonly #prompts: Prompts;

  private constructor(prompts: Prompts) {
    this.#prompts = prompts;
  }

  static async open(): Promise<Asker> {
    return new Asker(await import('@clack/prompts'));
  }

  async task(): Promise<TaskAnswer> {
    const kind = this.#answer(
      await this.#prompts.select<(typeof KINDS)[number]>({
        message: 'What is to be minimized?',
        options: [
          { value: 'module', label: 'a function in TypeScript or JavaScript' },
          { value: 'python', label: 'a function in Python' },
          { value: 'command', label: 'a program, with its parameters as arguments' },
          { value: 'benchmark', label: 'a test function' },
        ],
        output: process.stderr,
      }),
    );
    switch (kind) {
      case 'module':
        return { kind, file: await this.#text('Its file', parseModule, 'task.ts') };
      case 'python':
        return this.#text('Its file and name', parsePython, 'task.py:loss');
      case 'command':
        return this.#text('The program and its arguments, with {name} for parameters', parseCommand);
      case 'benchmark':
        return { kind, name: await this.#text('Its name', parseBenchmark, 'rastrigin') };
    }
  }

  /** One after the other, until there are no more. */
  async parameters(): Promise<readonly StarterParameter[]> {
    const found: StarterParameter[] = [];
    for (;;) {
      const message =
        found.length === 0
          ? 'A parameter: name:min:max, or name:min:max:log, name:min:max:integer'
          : 'Another one (nothing: no more)';
      const parameter = await this.#text(message, (text) => this.#parameter(text, found));
      if (!parameter) return found;
      found.push(parameter);
    }
  }

  #parameter(text: string, before: readonly StarterParameter[]): StarterParameter | undefined {
    if (text === '' && before.length > 0) return undefined;
    const parameter = parseParameter(text);
    if (before.some(({ name }) => name === parameter.name))
      throw new Error(`expected another name: there is a ${parameter.name} already`);
    return parameter;
  }

  count(message: string, usual: number): Promise<number> {
    return this.#text(message, parseCount, String(usual));
  }

  async confirm(message: string): Promise<boolean> {
    return this.#answer(await this.#prompts.confirm({ message, output: process.stderr }));
  }

  async #text<Value>(message: string, parse: (text: string) => Value, usual = ''): Promise<Value> {
    const text = this.#answer(
      await this.#prompts.text({
        message,
        ...(usual === '' ? {} : { placeholder: usual, defaultValue: usual }),
        validate: (written) => faultOf(parse, (written ?? '').trim() || usual),
        output: process.stderr,
      }),
    );
    return parse(text.trim() || usual);
  }

  #answer<Value>(answer: Value | symbol): Exclude<Value, symbol> {
    if (this.#prompts.isCancel(answer)) throw new Cancelled();
    return answer as Exclude<Value, symbol>;
  }
}

function faultOf(parse: (text: string) => unknown, text: string): string | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
