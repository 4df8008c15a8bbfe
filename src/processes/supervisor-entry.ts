/**
 * The supervisor: waits until its manager is gone, ends what the manager left, and exits. Everything that it imports costs memory for
 * as long as the run takes.
 */
import { killCgroup, removeCgroup } from './cgroup.ts';
import { isProcUsable, type ProcessIdentity } from './proc.ts';
import { SUPERVISOR_VARIABLE } from './cookie.ts';
import { sweep } from './sweep.ts';

/** A line from the manager. */
export type SupervisorLine =
  | { readonly note: ProcessIdentity }
  | { readonly forget: number }
  | { readonly cgroup: string }
  | { readonly goodbye: true };

// It outlives whatever its manager is told by terminals, batch systems and users. Not SIGKILL: its manager starts another.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGPIPE'] as const)
  process.on(name, () => {});

const cookie = process.env[SUPERVISOR_VARIABLE] ?? '';
const leaders = new Map<number, ProcessIdentity>();
let cgroup: string | undefined;
let isOrderly = false;
let text = '';

if (cookie === '' || !isProcUsable()) fail('it cannot see the processes of its manager');
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  const lines = (text + chunk).split('\n');
  // A line without its end was cut off by the manager's.
  text = lines.pop() ?? '';
  for (const line of lines) receive(JSON.parse(line) as SupervisorLine);
});
process.stdin.on('error', () => {});
process.stdin.on('close', () => {
  void finish();
});

function receive(line: SupervisorLine): void {
  if ('note' in line) leaders.set(line.note.pid, line.note);
  else if ('forget' in line) leaders.delete(line.forget);
  else if ('cgroup' in line) cgroup = line.cgroup;
  else isOrderly = true;
}

async function finish(): Promise<never> {
  const { killed, left } = await sweep({ cookies: [cookie], leaders: [...leaders.values()] });
  if (cgroup !== undefined) {
    killCgroup(cgroup);
    await removeCgroup(cgroup);
  }
  const end = isOrderly ? 'the manager ended' : 'the manager died';
  if (killed.length > 0 || left.length > 0)
    say(
      `${end} and left ${killed.length + left.length} processes: ${[...killed, ...left].map(({ pid, command }) => `${pid} (${command.slice(0, 80)})`).join(', ')}`,
    );
  if (left.length > 0)
    fail(`SIGKILL did not end ${left.map(({ pid }) => pid).join(', ')}; try glompo reap later`);
  process.exit(0);
}

function say(message: string): void {
  process.stderr.write(`${new Date().toISOString()} supervisor: ${message}\n`);
}

function fail(reason: string): never {
  say(reason);
  process.exit(1);
}
