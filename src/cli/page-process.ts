import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../core/errors.ts';
import { entryUrl } from '../core/places.ts';
import { printError } from './console.ts';
import { type NodeChild, spawnNode } from '../processes/spawn-node.ts';
import type { PageReply, PageRequest } from '../views/dashboard/dashboard-entry.ts';

/** How long the page may take to show the last of a run. */
const FAREWELL_MS = 3000;

/**
 * The page of a run that this process manages. It is served by a process of its own, since reading a log and answering browsers would take the
 * manager's time; that process ends with this one, however this one ends.
 */
class PageProcess implements AsyncDisposable {
  readonly url: string;
  /** For those who may look and nothing else. */
  readonly viewerUrl: string;
  readonly #child: NodeChild;

  private constructor(
    child: NodeChild,
    { url, viewerUrl }: { readonly url: string; readonly viewerUrl: string },
  ) {
    this.#child = child;
    this.url = url;
    this.viewerUrl = viewerUrl;
  }

  /**
   * @param directory of a run, which need not have begun
   * @param port of 127.0.0.1; any that is free when not given
   * @throws {CodedError} `usage` when there is no page on that port
   */
  static async start(directory: string, port: number | undefined): Promise<PageProcess> {
    const { promise, resolve, reject } = Promise.withResolvers<PageReply>();
    const child = spawnNode(entryUrl('views/dashboard/dashboard-entry.ts'), {
      message: (message) => {
        resolve(message as PageReply);
      },
      output: (_, chunk) => {
        process.stderr.write(chunk);
      },
      exit: (cause) => {
        reject(new CodedError('internal', `the process that serves the page ended: ${cause}`));
      },
    });
    const request: PageRequest = { open: { directory, ...(port === undefined ? {} : { port }) } };
    child.send(request);
    const reply = await promise;
    if ('opened' in reply) return new PageProcess(child, reply.opened);
    child.kill();
    await child.exited;
    throw new CodedError(reply.code === 'usage' ? 'usage' : 'internal', reply.failed);
  }

  /** Shows the last of the run to those who watch, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    const end: PageRequest = { end: true };
    this.#child.send(end);
    const patience = new AbortController();
    await Promise.race([
      this.#child.exited,
      sleep(FAREWELL_MS, undefined, { signal: patience.signal, ref: false }).catch(() => {}),
    ]);
    patience.abort();
    this.#child.kill();
  }
}

/**
 * Serves the page of a run, and says where.
 *
 * @param port as `--dashboard` was given: without one any that is free
 * @returns nothing when it was not asked for
 */
export async function openPage(
  directory: string,
  port: number | true | undefined,
): Promise<AsyncDisposable | undefined> {
  if (port === undefined) return undefined;
  const page = await PageProcess.start(directory, port === true ? undefined : port);
  printError(`The run's page: ${page.url}\nFor others, who may look and steer nothing: ${page.viewerUrl}`);
  return page;
}
