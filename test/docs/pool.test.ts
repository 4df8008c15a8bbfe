import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { Folder } from '../support/folder.ts';

const page = readFileSync(new URL('../../docs/pool.md', import.meta.url), 'utf8');
const snippets = [...page.matchAll(/```js\n([^]*?)```/gu)].map((match) => match[1]!);
const source = new URL('../../src/pool.ts', import.meta.url).href;

const MODEL = `export class Model {
  constructor(scale) {
    this.scale = scale;
  }

  score(x) {
    return TEN * this.scale * x;
  }
}

const TEN = 10;
`;

/** What a snippet prints. */
async function printed(code: string): Promise<string> {
  using folder = new Folder();
  folder.write('score.js', 'export const score = (x) => 10 * x;\n');
  folder.write('model.js', MODEL);
  folder.write('package.json', '{ "type": "module" }');
  const file = folder.write('snippet.js', code.replace("'glompo/pool'", JSON.stringify(source)));
  return (await execa(process.execPath, [file])).stdout;
}

describe('the page of the pool', () => {
  it('has snippets that run, and print what it says', async () => {
    expect(snippets).toHaveLength(10);
    for (const code of snippets) {
      const lines = (await printed(code)).split('\n');
      for (const [, said] of code.matchAll(/console\.log\(.*\/\/ ((?:\w+\(\d+\) )?\[.*\]|\d.*)$/gmu))
        expect(lines).toContain(said);
      if (code.includes('the same')) expect(lines[0]).toBe(lines[1]);
    }
  });

  it('shows the message of what is missing as it is', async () => {
    const code = snippets.find((one) => one.includes('catch'))!;
    const shown = /```\n(the function [^]*?)```/u.exec(page)![1]!;
    expect(`${await printed(code)}\n`).toContain(shown);
  });
});
