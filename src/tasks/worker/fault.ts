/** What a worker wrote that is not of the protocol; the message is a sentence about the worker. */
export class ProtocolFault extends Error {
  override readonly name = 'ProtocolFault';
}
