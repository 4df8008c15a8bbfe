import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOfReturned } from '../../../src/tasks/evaluate.ts';
import { readMessage } from '../../../src/tasks/worker/decode.ts';
import { ProtocolFault } from '../../../src/tasks/worker/fault.ts';
import type { Outcome, Task } from '../../../src/tasks/contract.ts';
import { toBase64 } from '../../../src/tasks/worker/numbers.ts';

const { signal } = new AbortController();

/** What is logged of the reply in a line. */
function outcome(reply: string, task: Pick<Task, 'residuals'> = {}, cutoff = Infinity): Outcome {
  const message = readMessage(`{"id":1,${reply}}`);
  if (message.kind !== 'replies') throw new Error('no reply');
  return outcomeOfReturned(message.replies[0]!.returned, task, { wantsGradient: true, cutoff, signal });
}

const packed = (...values: number[]): string => JSON.stringify(toBase64(Float64Array.from(values)));

describe('a line of a worker', () => {
  it('says that it is ready, and what it can do', () => {
    expect(readMessage('{"ready":1}')).toEqual({
      kind: 'ready',
      abilities: { batch: false, cancel: false, encoding: 'json' },
    });
    expect(readMessage('{"ready":1,"batch":true,"cancel":true,"heartbeat":0.5,"encoding":"base64"}')).toEqual(
      {
        kind: 'ready',
        abilities: { batch: true, cancel: true, encoding: 'base64', heartbeatSeconds: 0.5 },
      },
    );
  });

  it('is a beat, or says why it cannot start', () => {
    expect(readMessage('{"beat":true}')).toEqual({ kind: 'beat' });
    expect(readMessage('{"error":"no licence"}')).toEqual({ kind: 'unfit', message: 'no licence' });
  });

  it('is a reply, or many', () => {
    expect(readMessage('{"id":3,"value":2.5,"seconds":0.25}')).toEqual({
      kind: 'replies',
      replies: [{ id: 3, seconds: 0.25, returned: { value: 2.5 } }],
    });
    const replies = [
      { id: 3, returned: 2.5, seconds: undefined },
      { id: 4, returned: -1, seconds: undefined },
    ];
    expect(readMessage('{"ids":[3,4],"values":[2.5,-1]}')).toEqual({ kind: 'replies', replies });
    expect(readMessage(`{"ids":[3,4],"values":${packed(2.5, -1)}}`)).toEqual({ kind: 'replies', replies });
  });

  it.each([
    ['{"id":1,', 'its line is no JSON: "{\\"id\\":1,"'],
    ['Loading...', 'its line is no JSON: "Loading..."'],
    ['[1]', 'its line is no JSON object: "[1]"'],
    ['null', 'its line is no JSON object: "null"'],
    ['{}', 'its line is no message of the protocol'],
    ['{"ready":2}', 'it speaks version 2 of the protocol, this glompo version 1'],
    ['{"ready":true}', 'it speaks version true of the protocol'],
    ['{"ready":1,"batches":true}', 'it wrote "batches" in ready; did you mean batch?'],
    ['{"ready":1,"heartbeat":0}', 'it wrote heartbeat 0, expected seconds in (0, 86400]'],
    ['{"ready":1,"encoding":"utf8"}', 'it wrote encoding "utf8", expected json or base64'],
    ['{"id":"1","value":2}', 'it wrote id "1", expected the number of a request'],
    ['{"id":1,"vaule":2}', 'it wrote "vaule" in a reply; did you mean value?'],
    ['{"id":1,"value":2,"seconds":-1}', 'it wrote seconds -1, expected a finite number >= 0'],
    ['{"id":1,"error":3}', 'it wrote error 3, expected a text or { message, retry? }'],
    ['{"id":1,"error":{"message":"a","again":true}}', 'it wrote "again" in error'],
    ['{"ids":[1,2],"values":[1]}', 'it wrote values a list of 1, expected a list of 2 numbers'],
    ['{"ids":[1],"values":[null]}', 'it wrote values a list of 1, expected a list of 1 numbers'],
    ['{"ids":1,"values":[1]}', 'it wrote ids 1, expected a list of numbers of requests'],
  ])('is at fault: %s', (line, message) => {
    expect(() => readMessage(line)).toThrow(ProtocolFault);
    expect(() => readMessage(line)).toThrow(message);
  });

  it('may be anything, and is read or at fault', () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .tuple(fc.constantFrom('id', 'ids', 'ready', 'error', 'beat'), fc.json(), fc.json())
        .map(([key, a, b]) => `{"${key}":${a},"value":${b},"values":${b}}`),
    );
    fc.assert(
      fc.property(line, (text) => {
        try {
          readMessage(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolFault);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('may be nested without end', () => {
    const depth = 1_000_000;
    expect(outcome(`"value":1,"extras":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`).status).toBe(
      'failed',
    );
  });
});

describe('a reply', () => {
  it('has a value, and what a module may return besides', () => {
    expect(outcome('"value":2.5,"extras":{"a":[1,"b"]},"violation":0.5')).toEqual({
      status: 'ok',
      fx: 2.5,
      violation: 0.5,
      extras: { a: [1, 'b'] },
    });
    expect(outcome('"value":2.5,"extras":null,"violation":null,"error":null')).toEqual({
      status: 'ok',
      fx: 2.5,
    });
  });

  it('has residuals: a list, or lists by name, of numbers or in base64', () => {
    const residuals = [{ name: 'b', weight: 4, loss: 'linear', scale: 1 } as const];
    expect(outcome(`"residuals":{"a":[1,2],"b":${packed(3)}}`, { residuals })).toEqual({
      status: 'ok',
      fx: 41,
      extras: { residuals: { a: [1, 2], b: [3] } },
    });
    expect(outcome(`"residuals":${packed(3, 4)}`)).toMatchObject({ status: 'ok', fx: 25 });
    expect(outcome('"residuals":[1,"NaN"]')).toMatchObject({ status: 'failed' });
    expect(outcome('"value":1', { residuals }).error).toBe(
      'task returned no residuals, which task.residuals is about',
    );
  });

  it('has a gradient', () => {
    expect(outcome(`"value":1,"gradient":${packed(1, -2)}`)).toMatchObject({ extras: { gradient: [1, -2] } });
    expect(outcome('"value":1,"gradient":"abc"').error).toBe(
      'task returned gradient "abc", expected a list of finite numbers',
    );
  });

  it('is a bound, above the cutoff', () => {
    expect(outcome('"value":3,"censored":true', {}, 2)).toMatchObject({ status: 'censored', fx: 3 });
    expect(outcome('"value":1,"censored":true', {}, 2).status).toBe('failed');
  });

  it.each([
    ['"value":"NaN"', 'task returned value NaN'],
    ['"value":NaN', 'task returned value NaN'],
    ['"value":-inf', 'task returned value -Infinity'],
    ['"value":1e999', 'task returned value Infinity'],
    ['"value":"2"', 'task returned value "2", expected a finite number'],
    ['"value":null', 'task returned value null, expected a finite number'],
    [
      '"seconds":1',
      'task returned an object without value, expected a finite number or { value, extras?, violation? }',
    ],
    ['"value":1,"violation":-1', 'task returned violation -1, expected a finite number >= 0'],
    ['"error":"it\\ndiverged"', 'task failed: it diverged'],
  ])('without a value is a failure: %s', (reply, error) => {
    expect(outcome(reply)).toMatchObject({ status: 'failed', fx: NaN, error });
  });

  it('says that the point may have a value the next time', () => {
    expect(outcome('"error":{"message":"no licence","retry":true}')).toEqual({
      status: 'failed',
      fx: NaN,
      error: 'task failed: no licence',
      isTransient: true,
    });
  });
});
