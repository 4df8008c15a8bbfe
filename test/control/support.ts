import { once } from 'node:events';
import { connect } from 'node:net';
import type { Command } from '../../src/control/protocol.ts';
import type { Handlers } from '../../src/control/server.ts';

/** Handlers that write down what they are told. */
export function recorder(told: Command[] = []): Handlers {
  const note = (command: Command): { readonly outcome: string } => {
    told.push(command);
    return { outcome: 'done' };
  };
  return { ping: note, stop: note, 'stop-optimizer': note, pause: note, unpause: note, checkpoint: note };
}

/** Sends bytes in pieces, closes that side, and gathers what comes back. */
export async function exchange(path: string, ...pieces: readonly (Uint8Array | string)[]): Promise<string> {
  const socket = connect({ path, allowHalfOpen: true });
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  // The server hangs up on who does not keep to the protocol, also while it still talks.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => {
    socket.on('close', resolve);
  });
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece);
  socket.end();
  await closed;
  return answer;
}

export function answersIn(text: string): readonly Record<string, unknown>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
