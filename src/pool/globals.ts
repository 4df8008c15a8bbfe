import { runInNewContext } from 'node:vm';

/**
 * What Node.js adds to the language, in threads as in processes. Not read from this thread, whose global object anybody may have added to.
 */
const OF_NODE =
  'AbortController AbortSignal Blob BroadcastChannel Buffer ByteLengthQueuingStrategy CloseEvent CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream Event EventSource EventTarget File FormData Headers MessageChannel MessageEvent MessagePort Navigator Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader Request Response Storage SubtleCrypto TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController URL URLPattern URLSearchParams WebSocket WritableStream WritableStreamDefaultController WritableStreamDefaultWriter atob btoa clearImmediate clearInterval clearTimeout console crypto fetch global navigator performance process queueMicrotask setImmediate setInterval setTimeout structuredClone';

let known: ReadonlySet<string> | undefined;

/** The names that mean the same in every worker. */
export function globalNames(): ReadonlySet<string> {
  known ??= new Set([
    ...OF_NODE.split(' '),
    // Those of the language itself, as new as it is.
    ...(runInNewContext('Object.getOwnPropertyNames(globalThis)') as readonly string[]),
  ]);
  return known;
}
