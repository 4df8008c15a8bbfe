import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import { sendCommand } from '../../control/client.ts';
import { commandOf, MAX_LINE_BYTES, parseLine } from '../../control/protocol.ts';
import { GlompoError, messageOf } from '../../core/errors.ts';
import type { LogLookups } from '../../log/lookups.ts';
import type { RunStory } from '../story/story.ts';
import type { Access, Role } from './access.ts';
import { eventsOf } from '../story/events.ts';
import { traceOf, zoomOf } from './api.ts';
import { guard, type Visitor } from './door.ts';
import type { Feed } from './feed.ts';
import { pageFiles } from './page-files.ts';
import { query } from './query.ts';

/** As many of each role watch at once at the most: so there is a seat for the owner, however many others look. */
const MOST_WATCHERS = 50;
const MOST_EVENTS = 500;

export interface Parts {
  readonly directory: string;
  readonly story: RunStory;
  readonly log: LogLookups;
  readonly feed: Feed;
  readonly access: Access;
  readonly canSteer: boolean;
}

/** All that the server answers. */
export function routes({ directory, story, log, feed, access, canSteer }: Parts): Hono<Visitor> {
  const app = new Hono<Visitor>({
    getPath: (request) => {
      const { pathname } = new URL(request.url);
      return access.find(pathname)?.path ?? pathname;
    },
  });
  const watchers: Record<Role, number> = { owner: 0, viewer: 0 };
  guard(app, access);
  app.onError((thrown, context) => {
    if (!(thrown instanceof GlompoError))
      return context.json({ error: messageOf(thrown), code: 'internal' }, 500);
    return context.json({ error: thrown.message, code: thrown.code }, thrown.code === 'usage' ? 400 : 409);
  });
  app.notFound((context) => context.json({ error: 'there is nothing here' }, 404));

  app.get('/api/stream', (context) => {
    const role = context.get('role');
    if (watchers[role] >= MOST_WATCHERS)
      return context.json({ error: `${MOST_WATCHERS} pages watch this run already` }, 503);
    // Of a stream that nobody reads nobody would say that it ended.
    if (context.req.method === 'HEAD') return context.body(null);
    return streamSSE(context, async (stream) => {
      watchers[role]++;
      const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
      stream.onAbort(leave);
      const send = async (event: string, data: object): Promise<void> => {
        await stream.writeSSE({ event, data: JSON.stringify(data) });
      };
      try {
        await send('session', { role, canSteer: canSteer && role === 'owner' });
        using _ = feed.watch({
          frame: (frame) => send('frame', frame),
          trouble: (message) => send('trouble', { message }),
          end: async () => {
            await send('end', {});
            leave();
          },
        });
        await gone;
      } finally {
        watchers[role]--;
      }
    });
  });
  app.get('/api/events', (context) => {
    const asked = query(context.req.query());
    const limit = Math.min(asked.count('limit') ?? 200, MOST_EVENTS);
    const events = eventsOf(story, log, {
      ...asked.optional('before', asked.count('before')),
      ...asked.optional('upTo', asked.count('upTo')),
      ...asked.optional('types', asked.text('types')?.split(',')),
      ...asked.optional('optimizer', asked.count('optimizer')),
      limit: limit + 1,
    });
    return context.json({ events: events.slice(0, limit), hasMore: events.length > limit });
  });
  // One after the other: each may go through the whole log.
  let zooms: Promise<unknown> = Promise.resolve();
  app.get('/api/zoom', async (context) => {
    const asked = query(context.req.query());
    const [from, to] = asked.range('from', 'to');
    const axis = asked.oneOf('axis', ['calls', 'times']);
    const { signal } = context.req.raw;
    const zoom = zooms.then(async () => zoomOf(story, log, axis, from, to, signal));
    zooms = zoom.catch(() => {});
    return context.json(await zoom);
  });
  app.get('/api/trace', (context) => {
    const frame = story.frame();
    const names = frame?.facts?.names ?? [];
    const name = query(context.req.query()).text('parameter') ?? '';
    if (!frame || !names.includes(name)) return context.json({ error: 'there is no such parameter' }, 404);
    return context.json(traceOf(frame, names, log, names.indexOf(name)));
  });
  app.get('/api/points', (context) => {
    const calls = query(context.req.query()).counts('calls').slice(0, MOST_EVENTS);
    return context.json({ points: Array.from(log.points(calls), ([call, x]) => ({ call, x: [...x] })) });
  });
  app.get('/api/optimizers/:id', (context) =>
    answer(context, log.optimizer(Number(context.req.param('id')))),
  );
  app.get('/api/evaluations/:call', (context) =>
    answer(context, log.evaluation(Number(context.req.param('call')))),
  );

  app.post(
    '/api/commands',
    bodyLimit({
      maxSize: MAX_LINE_BYTES,
      onError: (context) => context.json({ error: 'it is too long' }, 413),
    }),
    async (context) => {
      if (!canSteer || context.get('role') !== 'owner')
        return context.json({ error: 'by this address one may look, and nothing else' }, 403);
      if (context.req.header('content-type') !== 'application/json')
        return context.json({ error: 'expected JSON' }, 415);
      const command = commandOf({ ...parseLine(await context.req.text()), by: 'dashboard' });
      return context.json(await sendCommand(directory, command));
    },
  );

  app.get('*', (context) => {
    const file = pageFiles().get(context.req.path === '/' ? '/index.html' : context.req.path);
    if (!file) return context.notFound();
    return context.body(file.content, 200, { 'Content-Type': file.type });
  });
  return app;
}

function answer(context: Context<Visitor>, found: object | undefined): Response {
  return found ? context.json(found) : context.json({ error: 'there is none in the log' }, 404);
}
