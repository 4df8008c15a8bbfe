import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { CodedError, messageOf } from '../../core/errors.ts';
import { LogLookups } from '../../log/lookups.ts';
import { RunStory } from '../story/story.ts';
import { Access, type Role } from './access.ts';
import { Feed } from './feed.ts';
import { routes } from './routes.ts';

/** How long what was written for those who watch may take to be on its way to them. */
const PARTING_MS = 500;

export interface DashboardOptions {
  /** The run directory, or the file of a log. */
  readonly directory: string;
  /** Of 127.0.0.1. @default any that is free */
  readonly port?: number;
  /** Whether its owner may steer the run. @default true */
  readonly canSteer?: boolean;
  readonly access?: Access;
}

/** The page of one run, served on the loopback address. */
export class Dashboard implements AsyncDisposable {
  readonly #server: Server;
  readonly #feed: Feed;
  readonly #access: Access;

  private constructor(server: Server, feed: Feed, access: Access) {
    this.#server = server;
    this.#feed = feed;
    this.#access = access;
  }

  /** @throws {CodedError} `usage` when the port is taken or not allowed */
  static async open({
    directory,
    port = 0,
    canSteer = true,
    access = new Access(),
  }: DashboardOptions): Promise<Dashboard> {
    const story = new RunStory(directory);
    const feed = new Feed(story);
    const app = routes({ directory, story, log: new LogLookups(directory), feed, access, canSteer });
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }) as Server;
    try {
      await once(server, 'listening');
    } catch (error) {
      throw new CodedError(
        'usage',
        `cannot serve the page on port ${port} of 127.0.0.1: ${messageOf(error)}; another port may do, or none for any that is free`,
        { cause: error },
      );
    }
    return new Dashboard(server, feed, access);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** The address to open, with the token in it. */
  address(role: Role): string {
    return `http://127.0.0.1:${this.port}${this.#access.placeOf(role)}/?token=${this.#access.tokenOf(role)}`;
  }

  /** Shows those who watch the last of the run, and tells them that nothing more comes. */
  async end(): Promise<void> {
    await this.#feed.end();
    const patience = new AbortController();
    await Promise.race([
      // When the last answer is out.
      new Promise((resolve) => this.#server.close(resolve)),
      sleep(PARTING_MS, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#feed[Symbol.asyncDispose]();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
