import { execFile } from 'node:child_process';
import { CodedError } from '../core/errors.ts';
import { findCgroupParent } from './cgroup.ts';

/** What a user may ask for. `auto` is the strongest that the machine allows. */
export type ContainmentChoice = 'auto' | 'none' | 'pid-namespace' | 'cgroup';

/** What this machine gives. Plain data: it goes to threads and child processes as it is. */
export interface FoundContainment {
  /** Strongest first. */
  readonly available: readonly ('pid-namespace' | 'cgroup')[];
  /** Whether a child can be made to die with its parent. */
  readonly pdeathsig: boolean;
  /** Options with which `unshare` makes a pid namespace here. */
  readonly unshare: readonly string[];
  /** The cgroup below which new ones can be made. */
  readonly cgroupParent: string | undefined;
  /** Why something is not available. */
  readonly reasons: Readonly<Partial<Record<'pid-namespace' | 'cgroup' | 'pdeathsig', string>>>;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

export interface ContainOptions {
  /** @default auto */
  readonly containment?: ContainmentChoice;
  readonly found: FoundContainment;
  /** The cgroup that the command shall enter, one of `Cgroup`'s; needed for `cgroup` only. */
  readonly cgroup?: string | undefined;
}

let detection: Promise<FoundContainment> | undefined;

/** Tries out what this machine allows, once a process: about 10 ms. */
export function detectContainment(): Promise<FoundContainment> {
  detection ??= detect();
  return detection;
}

async function detect(): Promise<FoundContainment> {
  if (process.platform !== 'linux') {
    const reason = `it needs Linux; this is ${process.platform}`;
    return {
      available: [],
      pdeathsig: false,
      unshare: [],
      cgroupParent: undefined,
      reasons: { 'pid-namespace': reason, cgroup: reason, pdeathsig: reason },
    };
  }
  const [death, space, group] = await Promise.all([
    probe('setpriv', ['--pdeathsig', 'KILL', 'true']),
    findUnshare(),
    findCgroupParent(),
  ]);
  const hasSpace = 'options' in space;
  const hasGroup = 'path' in group;
  return {
    available: [...(hasSpace ? ['pid-namespace' as const] : []), ...(hasGroup ? ['cgroup' as const] : [])],
    pdeathsig: death === undefined,
    unshare: hasSpace ? space.options : [],
    cgroupParent: hasGroup ? group.path : undefined,
    reasons: {
      ...(death === undefined ? {} : { pdeathsig: death }),
      ...(hasSpace ? {} : { 'pid-namespace': space.reason }),
      ...(hasGroup ? {} : { cgroup: group.reason }),
    },
  };
}

/** As root without a user namespace, so that programs find themselves as they were; else with one that maps the user to itself. */
async function findUnshare(): Promise<{ readonly options: readonly string[] } | { readonly reason: string }> {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user'];
  // A `/proc` of its own, for programs that look themselves up there; mounts of the machine still arrive (slave).
  const proc = ['--mount-proc', '--propagation', 'slave'];
  const base = ['--pid', '--fork', '--kill-child'];
  let reason = '';
  for (const options of [
    [...user, ...base, ...proc],
    [...user, ...base],
    ...(user.length === 0 ? [['--user', '--map-current-user', ...base]] : []),
  ]) {
    const fault = await probe('unshare', [...options, 'true']);
    if (fault === undefined) return { options };
    reason ||= fault;
  }
  return { reason };
}

/** @returns undefined when it works, else the reason */
function probe(file: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: 5000 }, (error, _stdout, stderr) => {
      if (!error) resolve(undefined);
      else if (error.code === 'ENOENT') resolve(`there is no ${file} (package util-linux)`);
      else resolve(stderr.trim().split('\n', 1)[0] || `${file}: ${error.message.split('\n', 1)[0]}`);
    });
  });
}

/** Which containment a choice comes to here. @throws {CodedError} `usage` when it is not available */
export function resolveContainment(
  choice: ContainmentChoice,
  found: FoundContainment,
): 'none' | 'pid-namespace' | 'cgroup' {
  if (choice === 'none') return 'none';
  if (choice === 'auto') return found.available[0] ?? 'none';
  if (found.available.includes(choice)) return choice;
  throw new CodedError(
    'usage',
    `containment ${choice} does not work on this machine: ${found.reasons[choice] ?? 'unknown reason'}; available: auto, none${found.available.map((name) => `, ${name}`).join('')}`,
  );
}

/**
 * After the signal is armed: whether the parent is still the one that asked for it. From then on there is no gap in which it could
 * die unnoticed.
 */
const CHECK_PARENT = '[ "$PPID" = "$0" ] || exit 1; exec "$@"';

/**
 * The first process of a pid namespace, whose end ends all others in it: waits for the command, takes in orphans, and says how the
 * command ended as `128 + signal` or its exit code. It does not die of SIGTERM, which the command gets itself through its group.
 */
const FIRST_PROCESS = '"$@"; exit $?';

/**
 * `unshare` waits for the first process and would die of what a batch system signals to all of a job, and the namespace with it. Node.js
 * takes no notice of what its parent ignored.
 */
const IGNORE_JOB_SIGNALS = 'trap "" USR1 USR2; exec "$@"';

/** Enters a cgroup, then becomes the command. */
const ENTER_CGROUP = 'echo 0 > "$0/cgroup.procs" || exit 1; exec "$@"';

/**
 * A command that runs another one so that it dies with this process (more exactly: with the thread that starts it) and, where it is
 * contained, everything that it starts with it. Standard streams and the message channel of a Node.js child pass through.
 */
export function contain(command: Command, { containment = 'auto', found, cgroup }: ContainOptions): Command {
  const kind = resolveContainment(containment, found);
  let line: readonly string[] = [command.file, ...command.args];
  if (kind === 'pid-namespace')
    line = ['/bin/sh', '-c', IGNORE_JOB_SIGNALS, 'glompo', 'unshare', ...found.unshare, '--'].concat(
      ['/bin/sh', '-c', FIRST_PROCESS, 'glompo'],
      line,
    );
  if (kind === 'cgroup' && cgroup !== undefined) line = ['/bin/sh', '-c', ENTER_CGROUP, cgroup, ...line];
  if (found.pdeathsig)
    line = [
      'setpriv',
      '--pdeathsig',
      'KILL',
      '--',
      '/bin/sh',
      '-c',
      CHECK_PARENT,
      String(process.pid),
      ...line,
    ];
  const [file, ...args] = line;
  return { file: file!, args };
}

/** What `auto` gives on this machine, a line each. */
export async function describeContainment(): Promise<readonly string[]> {
  const found = await detectContainment();
  const kind = resolveContainment('auto', found);
  const effect = {
    'pid-namespace': 'hosts and programs run in pid namespaces, which end whole',
    cgroup: 'hosts and programs run in cgroups, which are killed whole',
    none: 'a program that scrubs its environment and leaves its group and session can outlive the run',
  }[kind];
  const { reasons } = found;
  return [
    `containment: auto is ${kind} here: ${effect}`,
    ...(['pid-namespace', 'cgroup'] as const).map(
      (name) => `  ${name}: ${reasons[name] ? `no: ${reasons[name]}` : 'available'}`,
    ),
    `  parent-death signal: ${found.pdeathsig ? 'available' : `no: ${reasons.pdeathsig}`}`,
  ];
}
