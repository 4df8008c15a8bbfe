import type { JsonObject } from './json.ts';

/** How much a message matters, the most first. */
export const MESSAGE_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type MessageLevel = (typeof MESSAGE_LEVELS)[number];

/** Who has something to say: `hosts` of optimizers and their processes, the run `log`, `control` by commands and files, the command line. */
export const MESSAGE_COMPONENTS = ['manager', 'hosts', 'log', 'control', 'cli'] as const;
export type MessageComponent = (typeof MESSAGE_COMPONENTS)[number];

/** Takes messages about a run, for those who look into what happened. A run depends on it in nothing. */
export interface Logger {
  /** Whether a message would be kept: others need not be made. @default all are */
  hears?(level: MessageLevel, component: MessageComponent): boolean;
  /**
   * Called in the middle of what the manager does, so it should not wait. What it throws is told by a warning of the process, `LoggerWarning`,
   * once a run, and costs the message.
   *
   * @param message one line for people
   * @param fields the same as data
   */
  log(level: MessageLevel, component: MessageComponent, message: string, fields?: JsonObject): void;
}
