import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { bytes } from '../views/story/words.ts';
import type { Report } from '../views/report/report.ts';
import { printError, printResult } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { kindOfFilm, writeFilm } from './film.ts';
import { jsonOption } from './options.ts';
import { makeReport, reportFileOf, targetFile, writeWhole } from './report-files.ts';

interface ReportFlags {
  readonly output?: string;
  readonly svg?: string;
  readonly png?: string;
  readonly film?: string;
  readonly seconds: number;
  readonly fps: number;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Dots for each unit of a plot: sharp on paper of the width of a page. */
const PNG_ZOOM = 2;

export function reportCommand(): Command {
  return new Command('report')
    .description('write the report of a run, live or ended: one HTML file, its plots as files, a film')
    .argument('<dir>', 'the run directory, or the file of a log')
    .option('--output <file>', 'the report (default: report.html in the run directory, which is replaced)')
    .option('--svg <dir>', 'write each plot as SVG to a directory')
    .option('--png <dir>', 'write each plot as PNG to a directory')
    .option('--film <file>', 'write a film of the run, .mp4 or .webm; needs ffmpeg')
    .option('--seconds <n>', 'how long the film is', parsePositive(3600), 10)
    .option('--fps <n>', 'frames of the film a second', parsePositive(120), 24)
    .option('--overwrite', 'replace files that are there already')
    .addOption(jsonOption())
    .action(report);
}

function parsePositive(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() === '' || !(number > 0 && number <= most))
      throw new InvalidArgumentError(`expected a number above 0, up to ${most}, got ${text}`);
    return number;
  };
}

async function report(directory: string, flags: ReportFlags): Promise<void> {
  const { output, svg, png, film, overwrite = false } = flags;
  if (film !== undefined) kindOfFilm(film);
  const target = (file: string): string => targetFile(file, directory, overwrite);
  const filmFile = film === undefined ? undefined : target(film);
  const file = output === undefined ? reportFileOf(directory) : target(output);
  const made = await makeReport(directory);
  writeWhole(file, made.html);
  const size = Buffer.byteLength(made.html);
  const files = {
    report: file,
    bytes: size,
    svg: svg === undefined ? [] : writeSvgs(made, path.resolve(svg), target),
    png: png === undefined ? [] : await writePngs(made, path.resolve(png), target),
  };
  const filmed = filmFile === undefined ? null : await filming(made, filmFile, flags);
  printResult(
    flags.json
      ? JSON.stringify({ ...files, film: filmed })
      : [
          `${file} (${size < 1e6 ? `${Math.ceil(size / 1000)} kB` : bytes(size)})`,
          ...files.svg,
          ...files.png,
          ...(filmed ? [`${filmed.file} (${filmed.encoder})`] : []),
        ].join('\n'),
  );
}

function writeSvgs(
  { plots }: Report,
  directory: string,
  target: (file: string) => string,
): readonly string[] {
  const files = plots.map(({ name }) => target(path.join(directory, `${name}.svg`)));
  files.forEach((file, i) => {
    writeWhole(file, `${plots[i]!.svg}\n`);
  });
  return files;
}

async function writePngs(
  { plots }: Report,
  directory: string,
  target: (file: string) => string,
): Promise<readonly string[]> {
  const files = plots.map(({ name }) => target(path.join(directory, `${name}.png`)));
  const { Rasterizer } = await import('../views/report/raster.ts');
  const rasterizer = await Rasterizer.load();
  files.forEach((file, i) => {
    writeWhole(file, rasterizer.png(plots[i]!.svg, PNG_ZOOM));
  });
  return files;
}

async function filming(
  { material }: Report,
  file: string,
  { seconds, fps }: ReportFlags,
): Promise<{ readonly file: string; readonly encoder: string } | null> {
  const { Rasterizer } = await import('../views/report/raster.ts');
  const rasterizer = await Rasterizer.load();
  const interruption = new AbortController();
  const onInterrupt = (code: number) => (): void => {
    process.exitCode = code;
    interruption.abort();
  };
  const [onInt, onTerm] = [onInterrupt(EXIT.interrupted), onInterrupt(EXIT.terminated)];
  process.on('SIGINT', onInt);
  process.on('SIGTERM', onTerm);
  try {
    const encoder = await writeFilm(material.picture, rasterizer, {
      file,
      seconds,
      fps,
      signal: interruption.signal,
    });
    if (encoder !== undefined) return { file, encoder };
    printError('Interrupted: there is no film.');
    return null;
  } finally {
    process.off('SIGINT', onInt);
    process.off('SIGTERM', onTerm);
  }
}
