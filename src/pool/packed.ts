/* oxlint-disable no-underscore-dangle -- the names are those of Node.js */
import { DefaultDeserializer, DefaultSerializer } from 'node:v8';
import { describe } from '../core/errors.ts';

/** An object on its way: its bytes, and the memory that goes beside them. */
export interface Packed {
  readonly bytes: Uint8Array;
  readonly buffers: readonly (ArrayBuffer | SharedArrayBuffer)[];
}

/** What becomes of the memory of typed arrays. */
export interface Handling {
  /** Whether shared memory stays shared; else it is refused. */
  readonly canShare: boolean;
  /** Whether arrays that are the whole of their memory are handed over: it is not copied, and they are empty afterwards. */
  readonly isMoved: boolean;
}

interface ArrayBufferViewConstructor {
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): ArrayBufferView;
}

/** Within the bytes, before an array: whether it is among the bytes, or in memory beside them. */
const AMONG_BYTES = 0;
const BESIDE = 1;

const KINDS: readonly (ArrayBufferViewConstructor | undefined)[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
  // Not there before Node.js 24.
  Reflect.get(globalThis, 'Float16Array'),
];
/** After the others: arrays of bytes, with methods of Node.js. */
const BUFFER = KINDS.length;

/** Copies an object of any kind that Node.js can serialize. */
export function pack(value: unknown, handling: Handling): Packed {
  const packer = new Packer(handling);
  packer.writeHeader();
  packer.writeValue(value);
  return { bytes: packer.releaseBuffer(), buffers: packer.handedOver() };
}

export function unpack({ bytes, buffers }: Packed): unknown {
  const unpacker = new Unpacker(bytes, buffers);
  unpacker.readHeader();
  return unpacker.readValue();
}

/** Hands over the memory of an array, if it is all of it; @returns nothing where it is not its to give. */
export function movedBuffer(view: ArrayBufferView): ArrayBuffer | undefined {
  return isWhole(view) ? handOver(view.buffer) : undefined;
}

/** Whether an array is all of its memory, which it has to itself. */
function isWhole(view: ArrayBufferView): view is ArrayBufferView<ArrayBuffer> {
  const { buffer, byteLength } = view;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !buffer.detached;
}

function handOver(buffer: ArrayBuffer): ArrayBuffer | undefined {
  try {
    return buffer.transfer();
  } catch {
    // Node.js keeps some for itself.
    return undefined;
  }
}

export function sharedMemoryFault(): TypeError {
  return new TypeError(
    'memory can be shared with threads, not with processes; use the backend threads, or pass a copy: array.slice()',
  );
}

// Of what they do with typed arrays the types of Node.js say nothing.
const Serializer = DefaultSerializer as new () => DefaultSerializer & {
  _writeHostObject(object: object): void;
};
const Deserializer = DefaultDeserializer as new (
  bytes: Uint8Array,
) => DefaultDeserializer & { _readHostObject(): unknown };

class Packer extends Serializer {
  readonly #buffers: (ArrayBuffer | SharedArrayBuffer)[] = [];
  readonly #handling: Handling;

  constructor(handling: Handling) {
    super();
    this.#handling = handling;
  }

  /** The memory beside the bytes. Only now, when all is written: what cannot be sent keeps its own. */
  handedOver(): readonly (ArrayBuffer | SharedArrayBuffer)[] {
    return this.#buffers.map((one) => (one instanceof ArrayBuffer ? (handOver(one) ?? one.slice()) : one));
  }

  /** Called for typed arrays, and for objects that are no plain data. */
  override _writeHostObject(object: object): void {
    const place = ArrayBuffer.isView(object) ? this.#beside(object) : undefined;
    if (!place) {
      this.writeUint32(AMONG_BYTES);
      super._writeHostObject(object);
      return;
    }
    const { at, byteOffset, byteLength } = place;
    const kind = Buffer.isBuffer(object) ? BUFFER : KINDS.findIndex((one) => one && object instanceof one);
    if (kind < 0) throw new TypeError(`arrays of this kind cannot be sent: ${describe(object)}`);
    for (const number of [BESIDE, kind, at, byteOffset, byteLength]) this.writeUint32(number);
  }

  /** Called for shared memory that is not seen through an array, which cannot be read again. */
  _getSharedArrayBufferId(): number {
    throw this.#handling.canShare
      ? new TypeError('shared memory within an object is passed as an array over it: new Uint8Array(buffer)')
      : sharedMemoryFault();
  }

  #beside(view: ArrayBufferView): { at: number; byteOffset: number; byteLength: number } | undefined {
    const { buffer, byteOffset, byteLength } = view;
    if (buffer instanceof SharedArrayBuffer) {
      if (!this.#handling.canShare) throw sharedMemoryFault();
      return { at: this.#indexOf(buffer), byteOffset, byteLength };
    }
    const isMoved = this.#handling.isMoved && isWhole(view);
    return isMoved ? { at: this.#indexOf(view.buffer), byteOffset, byteLength } : undefined;
  }

  #indexOf(buffer: ArrayBuffer | SharedArrayBuffer): number {
    const known = this.#buffers.indexOf(buffer);
    return known >= 0 ? known : this.#buffers.push(buffer) - 1;
  }
}

class Unpacker extends Deserializer {
  readonly #buffers: readonly (ArrayBuffer | SharedArrayBuffer)[];

  constructor(bytes: Uint8Array, buffers: readonly (ArrayBuffer | SharedArrayBuffer)[]) {
    super(bytes);
    this.#buffers = buffers;
  }

  override _readHostObject(): unknown {
    if (this.readUint32() === AMONG_BYTES) return copyOf(super._readHostObject());
    const kind = this.readUint32();
    const at = this.readUint32();
    const byteOffset = this.readUint32();
    const byteLength = this.readUint32();
    const buffer = this.#buffers[at]!;
    if (kind === BUFFER) return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
    const Kind = KINDS[kind]!;
    return new Kind(buffer, byteOffset, byteLength / (Kind.BYTES_PER_ELEMENT ?? 1));
  }
}

/** Node.js gives views of the bytes, or of memory that many have in common: who gets an array may hand its memory on, or write to it. */
function copyOf(view: unknown): unknown {
  if (Buffer.isBuffer(view)) return Buffer.from(view);
  if (!ArrayBuffer.isView(view)) return view;
  const { buffer, byteOffset, byteLength } = view;
  const Kind = view.constructor as unknown as ArrayBufferViewConstructor;
  return new Kind(buffer.slice(byteOffset, byteOffset + byteLength));
}
