import { readFileSync, writeFileSync } from 'node:fs';
import { systemClock } from '../core/clock.ts';
import { makeDirectory } from '../core/directories.ts';
import { CodedError } from '../core/errors.ts';
import { isOfLaunch, isOnOneMachine, type Launch, launchKey, launchOf } from '../core/launch.ts';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { printError } from './console.ts';
import type { RunConfig } from '../config/run-config.ts';
import { type EngineOptions, LAUNCH_OVER, RENDEZVOUS } from '../manager/engine-options.ts';

/** How this process was launched with others, for the same command. */
export interface Launched extends Launch {
  readonly key: string | undefined;
  /** Where the one that manages listens for the others. */
  readonly host: string;
}

/** What the environment tells of that, once: children would take it for their own. Nothing when this was started by itself. */
export function takeLaunch(env: NodeJS.ProcessEnv = process.env): Launched | undefined {
  const launch = launchOf(env);
  const launched = {
    ...launch,
    key: launchKey(env),
    // By its own name a machine may know nothing but its loopback.
    host: isOnOneMachine(env) ? '127.0.0.1' : '0.0.0.0',
  };
  for (const name of Object.keys(env).filter(isOfLaunch)) delete env[name];
  return launch.size === 1 ? undefined : launched;
}

/**
 * The directory that all processes of a launch find by themselves.
 *
 * @throws {CodedError} `usage` where the launcher tells nothing that they have in common
 */
export function directoryOf({ key, size }: Launched, name: string): string {
  if (key === undefined)
    throw new CodedError(
      'usage',
      `--dir is needed: ${size} processes were launched together, and nothing that their launcher tells them says where the others are`,
    );
  return `${name}-${key}`;
}

/** How the process that manages lets the others find it. */
export function engineFor({ key, host }: Launched): EngineOptions {
  return { host, ...(key === undefined ? {} : { launchKey: key }) };
}

/**
 * Tells the others, when this is disposed of, that there is nothing to do for them: some may not have found the one that manages yet, and
 * would wait for it.
 *
 * @param makes whether the directory may be made for that: otherwise they have seen that it is not there
 */
export function overAtEnd({ key }: Launched, dir: string, makes: boolean): Disposable {
  return {
    [Symbol.dispose]() {
      if (key === undefined) return;
      try {
        if (makes) makeDirectory(dir);
        writeFileSync(path.join(dir, LAUNCH_OVER), JSON.stringify({ key, at: systemClock.now() }));
      } catch {
        // They wait in vain for a while.
      }
    },
  };
}

/** By how much clocks of machines may differ. */
const CLOCKS_MS = 60_000;

/** Whether the one that manages has said that there is nothing to do, in this launch and no earlier one. */
function isOver(dir: string, key: string | undefined): boolean {
  if (key === undefined) return false;
  try {
    const told = JSON.parse(readFileSync(path.join(dir, LAUNCH_OVER), 'utf8')) as Record<string, unknown>;
    const startedAt = systemClock.now() - 1000 * process.uptime();
    return told['key'] === key && Number(told['at']) > startedAt - CLOCKS_MS;
  } catch {
    // Nobody has, or is just about to.
    return false;
  }
}

const MEET_SECONDS = 600;
const LOOK_MS = 200;

async function isThere(look: () => Promise<boolean>): Promise<boolean> {
  for (const since = systemClock.elapsed(); systemClock.elapsed() - since < 1000 * MEET_SECONDS;) {
    if (await look()) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

/**
 * What one of the others does: it evaluates for the one that manages.
 *
 * @param read called when that one is there, which has written by then what the run is
 */
export async function serveLaunched(
  { key }: Launched,
  read: () => Promise<RunConfig>,
  dir: string,
): Promise<void> {
  const [{ serveRun }, { findRendezvous }] = await Promise.all([
    import('./serve-run.ts'),
    import('../backends/cluster/rendezvous.ts'),
  ]);
  const file = path.join(dir, RENDEZVOUS);
  // The one that manages may try out its task, or read a long log; and a file may be seen late on other machines.
  let isFound = false;
  const look = async (): Promise<boolean> => {
    isFound = (await findRendezvous(file, key)) !== undefined;
    return isFound || isOver(dir, key);
  };
  if (!(await isThere(look))) {
    printError(
      `the process that manages was not found within ${MEET_SECONDS} s by ${file}: is that a directory that all see?`,
    );
    return;
  }
  if (!isFound) return;
  await serveRun({
    config: await read(),
    // Some launchers end all processes when one fails: the one that manages says what came of the run.
    isPart: true,
    connection: () => findRendezvous(file, key),
    slots: 1,
    runDir: path.resolve(dir),
    evaluate: 'processes',
    lingerSeconds: 10,
    graceSeconds: 30,
  });
}
