import { once } from 'node:events';
import { Command } from 'commander';
import { readLog } from '../log/reader.ts';
import { Dashboard } from '../views/dashboard/server.ts';
import { printError, printResult } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { jsonOption, parsePort } from './options.ts';

interface DashboardFlags {
  readonly port?: number;
  readonly readOnly?: boolean;
  readonly json?: boolean;
}

export function dashboardCommand(): Command {
  return new Command('dashboard')
    .description('serve the page of a run, live or ended, on 127.0.0.1, until it is interrupted')
    .argument('<dir>', 'the run directory, or the file of a log')
    .option('--port <port>', 'of 127.0.0.1 (default: any that is free)', parsePort)
    .option('--read-only', 'no buttons: nobody can steer the run by this page')
    .addOption(jsonOption())
    .action(serve);
}

async function serve(
  directory: string,
  { port, readOnly = false, json = false }: DashboardFlags,
): Promise<void> {
  // Whether there is a run is said here, and not on a page.
  readLog(directory, (reader) => reader.facts());
  await using dashboard = await Dashboard.open({
    directory,
    canSteer: !readOnly,
    ...(port === undefined ? {} : { port }),
  });
  const [owner, viewer] = [dashboard.address('owner'), dashboard.address('viewer')];
  if (json) printResult(JSON.stringify({ url: owner, viewerUrl: viewer, port: dashboard.port }));
  else {
    printResult(owner);
    printError(
      `Open it in a browser. For others, who may look and steer nothing: ${viewer}\nFrom another machine, on that one: ssh -N -L ${dashboard.port}:127.0.0.1:${dashboard.port} <this machine>\nCtrl-C ends it; the run goes on.`,
    );
  }
  process.exitCode = await interrupted();
}

async function interrupted(): Promise<number> {
  return Promise.race([
    once(process, 'SIGINT').then(() => EXIT.interrupted),
    once(process, 'SIGTERM').then(() => EXIT.terminated),
  ]);
}
