import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { analyse } from '../bench/analysis.ts';
import { type Report, reportOf } from '../bench/report.ts';
import { htmlOf } from '../bench/report-html.ts';
import { svgOf } from '../bench/report-svg.ts';
import { entrantLines, formatTable, headingOf, tablesOf } from '../bench/report-tables.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import { printError, printResult } from './console.ts';
import { jsonOption } from './options.ts';

interface ReportFlags {
  readonly reference: readonly string[];
  readonly runningTimes?: boolean;
  readonly html?: string;
  readonly svg?: string;
  readonly json?: boolean;
}

export function benchReportCommand(): Command {
  return new Command('report')
    .description('tables and plots of what a bench has so far, beside results of others')
    .argument('[dir]', 'where the results are; references alone without it')
    .addOption(
      new Option('--reference <file>', 'results of another program to compare with (may be repeated)')
        .argParser((file: string, before: readonly string[]) => [...before, file])
        .default([], 'none'),
    )
    .option('--running-times', 'also the expected running times by function and target')
    .option('--html <file>', 'also write all of it as a page')
    .option('--svg <file>', 'also write the plots as a picture')
    .addOption(jsonOption())
    .action(report);
}

function report(directory: string | undefined, flags: ReportFlags): void {
  const analysis = analyse(directory, flags.reference);
  const figures = reportOf(analysis);
  if (flags.svg !== undefined) write(flags.svg, svgOf(analysis));
  if (flags.html !== undefined) write(flags.html, htmlOf(analysis, figures));
  printResult(flags.json ? JSON.stringify(figures) : format(figures, flags.runningTimes ?? false));
}

function format(figures: Report, withRunningTimes: boolean): string {
  const sections = figures.sections.flatMap((section) => [
    headingOf(figures, section),
    ...tablesOf(section, withRunningTimes).map(formatTable),
  ]);
  return [entrantLines(figures).join('\n'), ...sections].join('\n\n');
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CodedError('usage', `cannot write ${file}: ${messageOf(error)}`);
  }
  printError(`written: ${file}`);
}
