import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromSendable, toSendable } from '../../src/pool/values.ts';

const COPIED = { canShare: true, isMoved: false };
const MOVED = { canShare: true, isMoved: true };

/** There and back, as between threads: the memory that is handed over is gone here. */
function sent(value: unknown, handling = COPIED): unknown {
  const moved: ArrayBuffer[] = [];
  const sendable = toSendable(value, handling, moved);
  return fromSendable(structuredClone(sendable, { transfer: moved }));
}

describe('a value on its way', () => {
  it('arrives as Node.js itself would have sent it, whatever it is', () => {
    const value = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnboxedBoxed: false,
    } as object);
    fc.assert(
      fc.property(value, (one) => {
        expect(sent(one)).toEqual(deserialize(serialize(one)));
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it.each([
    ['an array of numbers', [1, -0, Number.NaN], 0],
    ['a typed array', new Float64Array([1, 2]), 0],
    ['an object', { a: 1 }, 'a'],
  ])('is as it was when it was given, though it changes afterwards: %s', (_, value, key) => {
    const before = structuredClone(value) as object;
    const sendable = toSendable(value, COPIED, []);
    (value as Record<string | number, unknown>)[key] = 7;
    expect(fromSendable(sendable)).toEqual(before);
  });

  it('keeps the kinds of arrays, holes among them', () => {
    for (const value of [
      Buffer.from('abc'),
      { b: Buffer.from('abc') },
      new Uint8Array(Buffer.from('abc')),
      new DataView(new ArrayBuffer(3)),
      new BigUint64Array(2),
      { list: new Map([[1, new Float32Array([1, 2])]]) },
      Object.assign([1, 2], { name: 'two' }),
      // oxlint-disable-next-line no-sparse-arrays -- that is what it is about
      [1, , 3],
      new ArrayBuffer(5),
      // As objects look that are packed.
      { bytes: new Uint8Array(2), buffers: [] },
    ]) {
      const found = sent(value) as object;
      expect(found).toEqual(value);
      expect(found.constructor).toBe(value.constructor);
    }
    expect(1 in (sent([1, , 3]) as object)).toBe(false); // oxlint-disable-line no-sparse-arrays -- as above
  });

  it('hands over memory when asked to, also within objects, and only what is all of its memory', () => {
    const whole = new Float64Array([1, 2]);
    const inner = new Uint8Array([3]);
    const part = new Float64Array([4, 5, 6]).subarray(1);
    expect(sent(whole, MOVED)).toEqual(new Float64Array([1, 2]));
    expect(sent({ list: [inner], part }, MOVED)).toEqual({
      list: [new Uint8Array([3])],
      part: new Float64Array([5, 6]),
    });
    expect([whole.length, inner.length, part.length]).toEqual([0, 0, 2]);
    expect(() => sent(whole, MOVED)).toThrow(TypeError);
  });

  it('keeps views of one memory that is handed over, and what it cannot send', () => {
    const memory = new ArrayBuffer(8);
    const { a, b } = sent({ a: new Uint8Array(memory).fill(1), b: new DataView(memory) }, MOVED) as {
      a: Uint8Array;
      b: DataView;
    };
    expect([memory.byteLength, b.byteLength, b.buffer === a.buffer]).toEqual([0, 8, true]);
    const kept = new Float64Array(2);
    expect(() => sent({ kept, fault: () => 1 }, MOVED)).toThrow(/could not be cloned/);
    expect(kept).toHaveLength(2);
  });

  it.runIf('Float16Array' in globalThis)('may be an array of the newest kind', () => {
    const Kind = Reflect.get(globalThis, 'Float16Array') as new (values: readonly number[]) => object;
    for (const handling of [COPIED, MOVED]) {
      const found = sent({ map: new Map([[1, new Kind([1, 2])]]) }, handling) as { map: Map<number, object> };
      expect(found.map.get(1)).toEqual(new Kind([1, 2]));
    }
  });

  it('has memory to itself', () => {
    const found = sent(new Map([[1, new Uint8Array([1, 2])]])) as Map<number, Uint8Array>;
    expect(found.get(1)!.buffer.byteLength).toBe(2);
    const sendable = toSendable(new Map([[1, new Float64Array(2)]]), COPIED, []);
    const twice = [fromSendable(sendable), fromSendable(sendable)] as Map<number, Float64Array>[];
    twice[0]!.get(1)!.fill(5);
    expect(twice[1]!.get(1)).toEqual(new Float64Array(2));
  });

  it('is looked at once, however often its parts are shared', () => {
    let value: object = { x: 1 };
    for (let i = 0; i < 15; i++) value = Array(10).fill(value) as object;
    const found = sent(value) as readonly (readonly unknown[])[];
    expect(found[0]).toBe(found[9]);
  });

  it('has shared memory in common, alone, in arrays and within objects', () => {
    const memory = new SharedArrayBuffer(16);
    const numbers = new Float64Array(memory);
    const found = sent({ numbers, tail: new Uint8Array(memory, 8, 2), bytes: Buffer.from(memory) }) as {
      numbers: Float64Array;
      tail: Uint8Array;
      bytes: Buffer;
    };
    found.numbers[0] = 5;
    (sent(numbers) as Float64Array)[1] = 6;
    expect(numbers).toEqual(new Float64Array([5, 6]));
    expect([found.tail.length, Buffer.isBuffer(found.bytes)]).toEqual([2, true]);
    new Uint8Array(sent(memory) as SharedArrayBuffer)[0] = 1;
    expect(new Uint8Array(memory)[0]).toBe(1);
    expect(() => sent({ memory })).toThrow(/is passed as an array over it: new Uint8Array\(buffer\)/);
  });

  it.each([
    ['alone', new SharedArrayBuffer(8)],
    ['in an array', new Float64Array(new SharedArrayBuffer(8))],
    ['within an object', { a: new Float64Array(new SharedArrayBuffer(8)) }],
  ])('is refused where memory cannot be shared: %s', (_, value) => {
    expect(() => toSendable(value, { canShare: false, isMoved: false }, [])).toThrow(
      /use the backend threads/,
    );
  });

  it.each([
    ['a function', () => 1, /could not be cloned/],
    ['a symbol', Symbol('s'), /could not be cloned/],
    ['a port within an object', { port: new MessageChannel().port1 }, /MessagePort/],
  ])('is refused when it cannot be sent: %s', (_, value, message) => {
    expect(() => sent(value)).toThrow(message);
  });
});
