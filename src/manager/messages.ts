import { hostname } from 'node:os';
import type { RunConfig } from '../config/run-config.ts';
import { clip, messageOf as thrownBy } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Logger, MessageComponent, MessageLevel } from '../core/logger.ts';
import type { RunProgress, RunResult } from '../log/figures.ts';
import { VERSION } from '../version.ts';
import type { ManagerEvent } from './events.ts';
import { memoryWarning } from './host-memory.ts';

/** The end of what a host printed, or the message of a task, may be long. */
const LONGEST = 2000;
const CONCEALED = '***';
/** Shorter ones are no secrets, and would be found in anything. */
const SHORTEST_SECRET = 4;
/** Variables that are called so have values that are nobody's business. */
const SECRET_NAME = /TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|PRIVATE/i;

const PLACES: Readonly<Record<ManagerEvent['type'], readonly [MessageLevel, MessageComponent]>> = {
  'run-started': ['info', 'manager'],
  'warm-start': ['info', 'manager'],
  'optimizer-started': ['info', 'manager'],
  'optimizer-chosen': ['debug', 'manager'],
  incumbent: ['debug', 'manager'],
  hunt: ['debug', 'manager'],
  kill: ['info', 'manager'],
  inject: ['debug', 'manager'],
  'optimizer-ended': ['info', 'manager'],
  pause: ['info', 'manager'],
  unpause: ['info', 'manager'],
  'stop-optimizer': ['info', 'manager'],
  stop: ['info', 'manager'],
  resumed: ['info', 'manager'],
  suspended: ['info', 'manager'],
  'run-ended': ['info', 'manager'],
  'run-failed': ['error', 'manager'],
  'credits-lost': ['warn', 'hosts'],
  'host-rebuilt': ['warn', 'hosts'],
  'host-crashed': ['warn', 'hosts'],
  'supervisor-lost': ['warn', 'hosts'],
  'control-unavailable': ['warn', 'control'],
  'intervention-ignored': ['warn', 'control'],
  checkpoint: ['info', 'log'],
  'snapshot-damaged': ['warn', 'log'],
  'from-snapshot': ['warn', 'log'],
  'network-filesystem': ['warn', 'log'],
  'log-copy-failed': ['warn', 'log'],
  cluster: ['info', 'hosts'],
};

/** What the manager and all around it say to the logger that it was given, if any. */
export class Messages implements Logger {
  readonly #logger: Logger | undefined;
  #secrets: readonly string[] = secretsIn(process.env);
  #hasFailed = false;

  constructor(logger: Logger | undefined) {
    this.#logger = logger;
  }

  /** Whether anybody listens. */
  get isHeard(): boolean {
    return this.#logger !== undefined;
  }

  hears(level: MessageLevel, component: MessageComponent): boolean {
    const logger = this.#logger;
    return logger !== undefined && this.#attempt(() => logger.hears?.(level, component) ?? true) === true;
  }

  /** From here on nothing is said of what a task's programs find in their environment. */
  conceal({ task }: RunConfig): void {
    const { environment } = task as { readonly environment?: { readonly set?: Record<string, string> } };
    this.#secrets = [...this.#secrets, ...Object.values(environment?.set ?? {}).filter(isLong)];
  }

  log(level: MessageLevel, component: MessageComponent, message: string, fields: JsonObject = {}): void {
    const logger = this.#logger;
    if (!logger || !this.hears(level, component)) return;
    const told = this.#concealed({ message, fields }) as { message: string; fields: JsonObject };
    this.#attempt(() => {
      logger.log(level, component, told.message, told.fields);
    });
  }

  /** A logger is somebody else's, and a run depends on it in nothing: what it throws costs the message. */
  #attempt<Result>(call: () => Result): Result | undefined {
    try {
      return call();
    } catch (thrown) {
      if (!this.#hasFailed)
        process.emitWarning(
          `the logger of a run threw: ${thrownBy(thrown)}; the run goes on`,
          'LoggerWarning',
        );
      this.#hasFailed = true;
      return undefined;
    }
  }

  /** With what a run begins, or goes on. */
  begin(config: RunConfig, isResumed: boolean): void {
    const { optimizers, manager } = config;
    const { backend, maxJobs, seed, reproducible } = manager;
    const { node, v8 } = process.versions;
    this.log(
      'info',
      'manager',
      `glompo ${VERSION} on Node.js ${node} ${isResumed ? 'goes on with' : 'begins'} a run`,
      {
        versions: { glompo: VERSION, node, v8 },
        platform: `${process.platform} ${process.arch}`,
        host: hostname(),
        pid: process.pid,
        seed,
        backend,
        maxJobs,
        reproducible,
        parameters: config.parameters.length,
        optimizers: optimizers.use.map(({ name }) => name),
      },
    );
  }

  /** Before the first of them starts. */
  warnOfMemory(config: RunConfig): void {
    const warning = memoryWarning(config);
    if (warning !== undefined) this.log('warn', 'manager', warning);
  }

  /** What came of it. */
  end(result: RunResult, progress: RunProgress): void {
    const { fx, evaluations, stopReason, isSuspended, wallSeconds, optimizers } = result;
    this.log(
      'info',
      'manager',
      `${isSuspended ? 'suspended' : 'ended'} after ${evaluations} evaluations, best value ${fx}: ${stopReason}`,
      {
        fx,
        evaluations,
        stopReason,
        isSuspended,
        wallSeconds,
        optimizers: { ...optimizers },
        evaluating: progress.utilisation.share,
        resources: progress.resources && { ...progress.resources },
      },
    );
  }

  /** All that happens in a run, at the level that it is of. */
  tell(event: ManagerEvent): void {
    const [usual, component] = PLACES[event.type];
    const isCrash = event.type === 'optimizer-ended' && event.data.status === 'crashed';
    const level = isCrash ? 'warn' : usual;
    // Some of them come by the thousand.
    if (!this.hears(level, component)) return;
    this.log(level, component, messageOf(event), {
      event: event.type,
      callId: event.callId,
      ...(event.optimizerId === null ? {} : { optimizerId: event.optimizerId }),
      ...(Object.keys(event.data).length > 0 ? { data: dataOf(event) } : {}),
    });
  }

  #concealed(value: Json): Json {
    if (typeof value === 'string') {
      const text = this.#secrets.reduce((left, secret) => left.replaceAll(secret, CONCEALED), value);
      return clip(text, LONGEST);
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((one) => this.#concealed(one));
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#concealed(one)]));
  }
}

function messageOf(event: ManagerEvent): string {
  switch (event.type) {
    case 'optimizer-ended':
    case 'optimizer-started':
    case 'host-crashed':
    case 'credits-lost':
    case 'host-rebuilt':
    case 'from-snapshot':
    case 'snapshot-damaged':
      return event.optimizerId === null ? event.message : `optimizer ${event.optimizerId}: ${event.message}`;
    case 'run-started':
    case 'optimizer-chosen':
    case 'incumbent':
    case 'hunt':
    case 'inject':
    case 'pause':
    case 'unpause':
    case 'stop':
    case 'suspended':
    case 'checkpoint':
    case 'run-failed':
      return `${event.type}: ${event.message}`;
    case 'resumed':
      return `resumed${event.data.changes.length > 0 ? `, with ${pathsOf(event.data.changes).join(', ')}` : ''}`;
    default:
      return event.message;
  }
}

function dataOf(event: ManagerEvent): JsonObject {
  return event.type === 'resumed' ? { ...event.data, changes: pathsOf(event.data.changes) } : event.data;
}

/** What was set, and not to what: that may be a secret. */
function pathsOf(changes: readonly string[]): readonly string[] {
  return changes.map((change) => change.split('=')[0]!);
}

function secretsIn(env: NodeJS.ProcessEnv): readonly string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    SECRET_NAME.test(name) && isLong(value) ? [value] : [],
  );
}

function isLong({ length }: string): boolean {
  return length >= SHORTEST_SECRET;
}
