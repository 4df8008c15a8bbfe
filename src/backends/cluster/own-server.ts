import { Custody } from '../../processes/custody.ts';
import { type EngineServer, startServer } from './server.ts';

/**
 * Starts a server for who has no custody of processes: with one of its own, so that it does not outlive this process either.
 *
 * @param dir where its files are
 * @param host where workers on other machines reach it; the loopback alone when not given
 * @param onEnd told how it ended when nobody had stopped it; it is started again
 * @throws {CodedError} `engine-unusable`
 */
export async function startOwnServer(
  dir: string,
  host: string | undefined,
  onEnd?: (how: string) => void,
): Promise<EngineServer> {
  await using stack = new AsyncDisposableStack();
  const custody = stack.use(await Custody.start({ containment: 'none' }));
  const { connection, pid } = stack.use(await startServer({ custody, dir, host, onEnd }));
  const held = stack.move();
  return { connection, pid, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
