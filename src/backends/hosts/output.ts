/** Takes what an optimizer's host or its task printed. */
export type OutputSink = (optimizerId: number, stream: 'out' | 'err', chunk: Uint8Array) => void;
