import type { AxisPatch, EventCard, Trace } from '../../src/views/story/frame.ts';
import type { EvaluationDetail, OptimizerDetail } from '../../src/log/lookups.ts';

export type Command =
  | { readonly command: 'stop' | 'pause' | 'unpause' | 'checkpoint' }
  | { readonly command: 'stop-optimizer'; readonly optimizer: number };

/** @throws {Error} with what the server says is wrong */
async function answered<Answer>(response: Response): Promise<Answer> {
  const answer = (await response.json()) as Answer & { readonly error?: string };
  if (!response.ok) throw new Error(answer.error ?? `the server answered ${response.status}`);
  return answer;
}

async function get<Answer>(
  path: string,
  query: Readonly<Record<string, string | number>> = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return answered(await fetch(`api/${path}?${search.toString()}`, signal ? { signal } : {}));
}

export async function steer(command: Command): Promise<Readonly<Record<string, unknown>>> {
  return answered(
    await fetch('api/commands', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(command),
    }),
  );
}

export async function fetchEvents(
  query: Readonly<Record<string, string | number>>,
): Promise<{ readonly events: readonly EventCard[]; readonly hasMore: boolean }> {
  return get('events', query);
}

export async function fetchZoom(
  axis: 'calls' | 'times',
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<AxisPatch> {
  return get('zoom', { axis, from, to }, signal);
}

export async function fetchTrace(parameter: string): Promise<Trace> {
  return get('trace', { parameter });
}

export async function fetchPoints(calls: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
  const { points } = await get<{
    readonly points: readonly { readonly call: number; readonly x: readonly number[] }[];
  }>('points', { calls: calls.join(',') });
  return new Map(points.map(({ call, x }) => [call, x]));
}

export async function fetchOptimizer(id: number): Promise<OptimizerDetail> {
  return get(`optimizers/${id}`);
}

export async function fetchEvaluation(call: number): Promise<EvaluationDetail> {
  return get(`evaluations/${call}`);
}
