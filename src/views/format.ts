import { textOf } from '../core/json.ts';
import type { LoggedEvent } from '../log/contract.ts';
import type { RunProgress } from '../log/figures.ts';

/** `853.052`, `1.234e-9`: a value with as many digits as a glance needs. */
export function formatValue(value: number | null | undefined): string {
  if (value === null || value === undefined) return '-';
  return String(Number(value.toPrecision(7)));
}

/** `42 s`, `3 min 05 s`, `2 h 10 min`, `5 d 3 h`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const hours = Math.floor(whole / 3600);
  if (hours < 48) return `${hours} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
  return `${formatCount(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** `12,340`. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ',');
}

/** The state of a run in one line. */
export function formatLine({
  evaluations,
  budget,
  best,
  elapsedSeconds,
  slots,
  optimizers,
  cluster,
}: RunProgress): string {
  const of = Number.isFinite(budget) ? `/${budget}` : '';
  const value = best ? `best ${formatValue(best.fx)} (call ${best.callId})` : 'no value yet';
  const ended = `${optimizers.started} started, ${optimizers.killed} killed, ${optimizers.converged} converged`;
  const crashed = optimizers.crashed > 0 ? `, ${optimizers.crashed} crashed` : '';
  const nobody = cluster?.workers.length === 0 ? '  no worker is there' : '';
  return `${formatSeconds(elapsedSeconds)}  ${evaluations}${of} evaluations  ${value}  slots ${slots.used}/${slots.all}  ${ended}${crashed}${nobody}`;
}

/** What of workers on other machines is told; who comes and goes is in the figures. */
export const NEWS_OF_CLUSTER: ReadonlySet<string> = new Set([
  'lost',
  'refused',
  'full',
  'emptied',
  'disconnected',
  'reconnected',
  'server-ended',
]);

/** An event in one line, if it is worth one. */
export function formatEvent({ type, optimizerId, message, data }: LoggedEvent): string | undefined {
  switch (type) {
    case 'kill':
      return message;
    case 'optimizer-ended':
      // A kill was told when it was decided.
      return data['status'] === 'killed' ? undefined : `optimizer ${optimizerId} ${message}`;
    case 'host-crashed':
    case 'credits-lost':
      return `optimizer ${optimizerId}: ${message}`;
    case 'stop':
    case 'run-failed':
      return message;
    case 'network-filesystem':
    case 'log-copy-failed':
      return `warning: ${message}`;
    case 'cluster':
      return NEWS_OF_CLUSTER.has(textOf(data['what'])) ? message : undefined;
    case 'pause':
    case 'unpause':
      return `${type}: ${message}`;
    default:
      return undefined;
  }
}

/**
 * A text with lines in which nothing else controls the terminal: what is in a log may have been written by anybody. Control characters, and
 * those that turn the direction of writing, are shown as JSON writes them, so that JSON stays what it says.
 */
export function printable(text: string): string {
  return text.replaceAll(
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
