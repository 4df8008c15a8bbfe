/** Takes what an optimizer's host, its workers or its task printed. */
export type OutputSink = (optimizerId: number, stream: 'out' | 'err', chunk: Uint8Array) => void;

/** Within a host: what its workers print is printed by the host itself, whose own output is known to be its optimizer's. */
export const printOwn: OutputSink = (_, stream, chunk) => {
  (stream === 'out' ? process.stdout : process.stderr).write(chunk);
};
