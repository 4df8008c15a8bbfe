import { describe, expect, it } from 'vitest';
import { batchLine, cancelLine, requestLine, startLine } from '../../../src/tasks/worker/encode.ts';
import { fromBase64 } from '../../../src/tasks/worker/numbers.ts';

const x = Float64Array.of(1, -0, 0.1);
const request = { id: 7, x, seed: 5, cutoff: Infinity };

describe('lines to a worker', () => {
  it('begin with the start', () => {
    expect(JSON.parse(startLine({ names: ['a', '"'], seed: 42, wantsGradient: true }))).toEqual({
      glompo: 1,
      names: ['a', '"'],
      seed: 42,
      gradient: true,
      encodings: ['json', 'base64'],
    });
  });

  it('ask for a point', () => {
    expect(requestLine(request, 3, 'json')).toBe('{"id":7,"x":[1,-0.0,0.1],"seed":5,"optimizer":3}\n');
    expect(requestLine({ ...request, cutoff: 1.5 }, 3, 'json')).toContain(',"cutoff":1.5}');
    const { x: text } = JSON.parse(requestLine(request, 3, 'base64')) as { x: string };
    expect(fromBase64(text)).toEqual(x);
  });

  it('ask for several points', () => {
    const two = [request, { ...request, id: 8, seed: 6, cutoff: 2 }];
    expect(JSON.parse(batchLine(two, 3, 'json'))).toEqual({
      ids: [7, 8],
      x: [
        [1, -0, 0.1],
        [1, -0, 0.1],
      ],
      seeds: [5, 6],
      optimizer: 3,
      cutoffs: ['Infinity', 2],
    });
    const packed = JSON.parse(batchLine(two, 3, 'base64')) as { x: string; cutoffs: string };
    expect(fromBase64(packed.x)).toEqual(Float64Array.of(...x, ...x));
    expect(fromBase64(packed.cutoffs)).toEqual(Float64Array.of(Infinity, 2));
    expect(batchLine([request, request], 3, 'json')).not.toContain('cutoffs');
  });

  it('give points up', () => {
    expect(cancelLine([7, 8])).toBe('{"cancel":[7,8]}\n');
  });
});
