import { WORKER_PROTOCOL, type WorkerRequest, type WorkerStart } from './messages.ts';
import { listText, numberText, toBase64 } from './numbers.ts';

/** The first line that a worker is sent, with its end. */
export function startLine({ names, seed, wantsGradient }: WorkerStart): string {
  return `${JSON.stringify({
    glompo: WORKER_PROTOCOL,
    names,
    seed,
    gradient: wantsGradient,
    encodings: ['json', 'base64'],
  })}\n`;
}

/** Asks for one point. */
export function requestLine(
  { id, x, seed, cutoff }: WorkerRequest,
  optimizerId: number,
  encoding: 'json' | 'base64',
): string {
  const point = encoding === 'base64' ? `"${toBase64(x)}"` : listText(x);
  const limit = cutoff === Infinity ? '' : `,"cutoff":${numberText(cutoff)}`;
  return `{"id":${id},"x":${point},"seed":${seed},"optimizer":${optimizerId}${limit}}\n`;
}

/** Asks for several points of one size, in one line. */
export function batchLine(
  requests: readonly WorkerRequest[],
  optimizerId: number,
  encoding: 'json' | 'base64',
): string {
  const ids = requests.map(({ id }) => id).join(',');
  const seeds = requests.map(({ seed }) => seed).join(',');
  const points =
    encoding === 'base64'
      ? `"${toBase64(joined(requests))}"`
      : `[${requests.map(({ x }) => listText(x)).join(',')}]`;
  const line = `{"ids":[${ids}],"x":${points},"seeds":[${seeds}],"optimizer":${optimizerId}`;
  return `${line}${cutoffsPart(requests, encoding)}}\n`;
}

/** Tells that nobody waits for these any more. */
export function cancelLine(ids: readonly number[]): string {
  return `{"cancel":[${ids.join(',')}]}\n`;
}

function joined(requests: readonly WorkerRequest[]): Float64Array {
  const size = requests[0]!.x.length;
  const all = new Float64Array(requests.length * size);
  for (const [row, { x }] of requests.entries()) all.set(x, row * size);
  return all;
}

function cutoffsPart(requests: readonly WorkerRequest[], encoding: 'json' | 'base64'): string {
  if (requests.every(({ cutoff }) => cutoff === Infinity)) return '';
  const cutoffs = Float64Array.from(requests, ({ cutoff }) => cutoff);
  return `,"cutoffs":${encoding === 'base64' ? `"${toBase64(cutoffs)}"` : listText(cutoffs)}`;
}
