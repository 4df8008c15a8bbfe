/**
 * The run log: how fast rows go in, and how fast questions about a long run are answered. Writes log.md beside this file: all of its
 * sections, or those that are named (`node bench/log.ts status`), the others staying as they are.
 *
 * A new section is a file in `log/`, and a place in the list below.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { commitSection } from './log/commit.ts';
import { resumeSection } from './log/resume.ts';
import type { Section } from './log/section.ts';
import { statusSection } from './log/status.ts';

const SECTIONS: readonly Section[] = [commitSection, statusSection, resumeSection];

const file = path.join(import.meta.dirname, 'log.md');
const named = process.argv.slice(2);
const unknown = named.find((name) => !SECTIONS.some((section) => section.name === name));
if (unknown !== undefined)
  throw new Error(`there is no section ${unknown}; there are ${SECTIONS.map(({ name }) => name).join(', ')}`);

const [, ...before] = existsSync(file) ? readFileSync(file, 'utf8').split(/^## /m) : [];
const texts: string[] = [];
for (const section of SECTIONS) {
  const written = before.find((text) => text.startsWith(`${section.title}\n`));
  if (named.length > 0 && !named.includes(section.name)) {
    if (written !== undefined) texts.push(`## ${written.trim()}\n`);
    continue;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));
  try {
    const text = await section.run(folder);
    const made = `Measured on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.`;
    texts.push(`## ${section.title}\n\n${made}\n${text}\n`);
    console.error(texts.at(-1));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
writeFileSync(file, `# The run log\n\nMade by \`node bench/log.ts\`.\n\n${texts.join('\n')}`);
