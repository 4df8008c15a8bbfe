import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GloMPOManager } from '../../../src/index.ts';
import { Dashboard } from '../../../src/views/dashboard/server.ts';
import { query } from '../../support/database.ts';
import { Folder } from '../../support/folder.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** The path of whoever has a cookie; without one the owner's, as if somebody had guessed it. */
function placeFor(dashboard: Dashboard, cookie: string): string {
  const [owner, viewer] = (['owner', 'viewer'] as const).map((role) => new URL(dashboard.address(role)));
  const isViewer = cookie.endsWith(`=${viewer!.searchParams.get('token')!}`);
  return (isViewer ? viewer! : owner!).pathname.slice(0, -1);
}

/** A request as a browser would make it, or nobody should. Paths are below that of whoever asks. */
async function ask(
  dashboard: Dashboard,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
  method = body === undefined ? 'GET' : 'POST',
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const whole = placeFor(dashboard, headers['Cookie'] ?? '') + path;
  const asked = request(
    { host: '127.0.0.1', port: dashboard.port, path: whole, method, headers },
    (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        // A stream has no end.
        if (path === '/api/stream' && text.includes('event: frame')) response.destroy();
      });
      response.once('close', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: text });
      });
    },
  );
  asked.once('error', reject);
  asked.end(body);
  return promise;
}

async function cookieOf(dashboard: Dashboard, role: 'owner' | 'viewer'): Promise<string> {
  const response = await fetch(dashboard.address(role));
  return response.headers.get('set-cookie')!.split(';')[0]!;
}

describe('the server of a page', () => {
  const folder = new Folder();
  let dashboard: Dashboard;
  let owner: string;
  let viewer: string;

  beforeAll(async () => {
    await using manager = new GloMPOManager({
      task: { benchmark: 'sphere', dimension: 2 },
      stop: { 'max-evaluations': 300 },
      manager: { maxJobs: 2, backend: 'inline', seed: 1 },
      dir: folder.at('run'),
    });
    await manager.start();
    dashboard = await Dashboard.open({ directory: folder.at('run') });
    owner = await cookieOf(dashboard, 'owner');
    viewer = await cookieOf(dashboard, 'viewer');
  });

  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const post = (
    cookie: string,
    more: Readonly<Record<string, string>> = {},
    body = '{"command":"pause"}',
  ): Promise<Answer> =>
    ask(
      dashboard,
      '/api/commands',
      {
        Cookie: cookie,
        'Content-Type': 'application/json',
        Origin: `http://127.0.0.1:${dashboard.port}`,
        ...more,
      },
      body,
    );

  it('lets nobody in without a token', async () => {
    for (const path of [
      '/',
      '/api/stream',
      '/api/events',
      '/page.js',
      '/?token=guess',
      '/api/events?token=',
    ]) {
      const { status, body, headers } = await ask(dashboard, path);
      expect([path, status]).toEqual([path, 403]);
      expect(body).toMatch('token');
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  it('keeps the token as a cookie that no script and no other site has, and takes it out of the address', async () => {
    const { search } = new URL(dashboard.address('owner'));
    const { status, headers, body } = await ask(dashboard, `/${search}`);
    expect(status).toBe(200);
    expect(String(headers['set-cookie'])).toMatch(
      /^glompo=[\w-]{32}; Path=\/[\w-]{12}; HttpOnly; SameSite=Strict$/,
    );
    expect(body).toContain('url=./"');
    expect(body).not.toContain(search.slice('?token='.length));
  });

  it('is below a path that nobody guesses, so that the cookie goes to no other port of this machine, and is another one for each role', async () => {
    const [mine, theirs] = [new URL(dashboard.address('owner')), new URL(dashboard.address('viewer'))];
    expect(mine.pathname).toMatch(/^\/[\w-]{12}\/$/);
    expect(mine.pathname).not.toBe(theirs.pathname);
    for (const path of ['/', '/api/events', '/page.js']) {
      const { status } = await fetch(new URL(path, mine), { headers: { Cookie: owner } });
      expect([path, status]).toEqual([path, 403]);
    }
    // Whoever looks has nothing of the owner's.
    expect((await fetch(new URL('api/events', mine), { headers: { Cookie: viewer } })).status).toBe(403);
    expect((await fetch(`${mine.origin}${theirs.pathname}${mine.search}`)).status).toBe(403);
  });

  it('tells browsers to run nothing but its own files, and to tell nobody where they come from', async () => {
    const { status, headers } = await ask(dashboard, '/', { Cookie: owner });
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    });
  });

  it('is reached by no other name, whatever cookie comes with it', async () => {
    for (const host of ['evil.example', `evil.example:${dashboard.port}`, '127.0.0.1.nip.example'])
      expect((await ask(dashboard, '/api/events', { Cookie: owner, Host: host })).status).toBe(403);
    // As at the near end of a tunnel.
    expect((await ask(dashboard, '/api/events', { Cookie: owner, Host: 'localhost:9999' })).status).toBe(200);
  });

  it('does nothing for the pages of others', async () => {
    for (const more of [
      { Origin: 'http://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'http://127.0.0.1:1' },
    ])
      expect((await post(owner, more)).status).toBe(403);
    expect(
      (
        await ask(
          dashboard,
          '/api/commands',
          { Cookie: owner, 'Content-Type': 'application/json' },
          '{"command":"pause"}',
        )
      ).status,
    ).toBe(403);
    expect(
      (await ask(dashboard, '/api/events', { Cookie: owner, Origin: 'http://evil.example' })).status,
    ).toBe(403);
    // A picture or a script of a page on another port, which is the same site: the cookie goes with it, and there is no origin.
    for (const path of ['/api/events', '/page.js', '/api/stream'])
      for (const site of ['same-site', 'cross-site'])
        expect([
          path,
          site,
          (await ask(dashboard, path, { Cookie: owner, 'Sec-Fetch-Site': site })).status,
        ]).toEqual([path, site, 403]);
    // A link to the page is another thing.
    const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
    expect((await ask(dashboard, '/', { Cookie: owner, ...link })).status).toBe(200);
  });

  it('lets a viewer look, and steer nothing', async () => {
    expect((await ask(dashboard, '/api/events', { Cookie: viewer })).status).toBe(200);
    const { status, body } = await post(viewer);
    expect(status).toBe(403);
    expect(body).toContain('may look');
  });

  it('says that a run that has ended cannot be steered', async () => {
    const { status, body } = await post(owner);
    expect(status).toBe(409);
    expect(body).toContain('no run is live');
  });

  it.each([
    ['{"command":"format-disk"}', 400, 'command: expected one of'],
    ['{"command":"stop-optimizer","optimizer":"1; rm"}', 400, 'expected the id of an optimizer'],
    ['[]', 400, 'expected an object'],
    ['{', 400, 'expected one line of JSON'],
    ['{"command":"pause","by":"<script>"}', 409, 'no run is live'],
    [`{"command":"checkpoint"}${' '.repeat(9000)}`, 413, 'it is too long'],
  ])('takes a command for what it is: %#', async (body, status, message) => {
    const answer = await post(owner, {}, body);
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(message)]);
  });

  it('refuses what is not said to be JSON: a form of another page can be sent without asking', async () => {
    expect((await post(owner, { 'Content-Type': 'text/plain' })).status).toBe(415);
  });

  it.each([
    '/api/zoom?axis=calls&from=5&to=1',
    '/api/zoom?axis=names&from=1&to=5',
    '/api/zoom?axis=calls&from=1',
    '/api/zoom?axis=calls&from=-1&to=Infinity',
    '/api/events?limit=many',
    '/api/events?before=1.5',
    '/api/points?calls=1,x',
    '/api/points',
  ])('says what is wrong with %s', async (path) => {
    const { status, body } = await ask(dashboard, path, { Cookie: viewer });
    expect(status).toBe(400);
    expect(body).toMatch(/expected/);
  });

  it.each([
    '/api/optimizers/99',
    '/api/evaluations/100000',
    '/api/trace?parameter=y',
    '/api/../../package.json',
    '/%2e%2e%2fpackage.json',
    '/..%2f..%2fpackage.json',
    '/api/secrets',
  ])('has no %s', async (path) => {
    // Those that lead out of its place are refused there.
    expect([403, 404]).toContain((await ask(dashboard, path, { Cookie: owner })).status);
  });

  it('tells the whole run in its first frame', async () => {
    const { body, headers } = await ask(dashboard, '/api/stream', { Cookie: viewer });
    expect(headers['content-type']).toMatch('text/event-stream');
    expect(body).toContain('event: session\ndata: {"role":"viewer","canSteer":false}');
    expect(body).toContain('"evaluations":300');
  });

  it('gives no seat to one who asks for the head of the stream alone', async () => {
    for (let times = 0; times < 60; times++)
      await ask(dashboard, '/api/stream', { Cookie: viewer }, undefined, 'HEAD');
    expect((await ask(dashboard, '/api/stream', { Cookie: viewer })).status).toBe(200);
  });

  it('has a seat for its owner, however many others look', async () => {
    await using crowded = await Dashboard.open({ directory: folder.at('run') });
    const cookies = { owner: await cookieOf(crowded, 'owner'), viewer: await cookieOf(crowded, 'viewer') };
    const streams = await Promise.all(
      Array.from({ length: 60 }, async () =>
        fetch(new URL('api/stream', crowded.address('viewer')), { headers: { Cookie: cookies.viewer } }),
      ),
    );
    expect(streams.some(({ status }) => status === 503)).toBe(true);
    expect((await ask(crowded, '/api/stream', { Cookie: cookies.owner })).status).toBe(200);
    await Promise.all(streams.map(async ({ body }) => body?.cancel()));
    // Their seats are free again.
    await expect
      .poll(async () => (await ask(crowded, '/api/stream', { Cookie: cookies.viewer })).status)
      .toBe(200);
  });

  it('says to all who watch that nothing more comes, before it is gone', async () => {
    const ending = await Dashboard.open({ directory: folder.at('run') });
    const headers = { Cookie: await cookieOf(ending, 'viewer') };
    const streams = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { body } = await fetch(new URL('api/stream', ending.address('viewer')), { headers });
        const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
        let text = '';
        while (!text.includes('event: frame')) text += (await reader.read()).value;
        return reader;
      }),
    );
    const rests = streams.map(async (reader) => {
      let text = '';
      for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
      return text;
    });
    await ending.end();
    await ending[Symbol.asyncDispose]();
    for (const rest of await Promise.all(rests)) expect(rest).toMatch(/event: end\ndata: \{\}\n\n$/);
  });

  it('gives all of an evaluation and of an optimizer', async () => {
    const [row] = query<{ fx: number }>(folder.at('run'), 'SELECT fx FROM evaluations WHERE call_id = 7');
    const evaluation = JSON.parse(
      (await ask(dashboard, '/api/evaluations/7', { Cookie: viewer })).body,
    ) as object;
    expect(evaluation).toMatchObject({ callId: 7, fx: row!.fx, x: [expect.any(Number), expect.any(Number)] });
    const optimizer = JSON.parse(
      (await ask(dashboard, '/api/optimizers/1', { Cookie: viewer })).body,
    ) as object;
    expect(optimizer).toMatchObject({ optimizerId: 1, options: expect.any(Object) });
    const { body } = await ask(dashboard, '/api/points?calls=1,2,99999', { Cookie: viewer });
    expect((JSON.parse(body) as { points: object[] }).points).toHaveLength(2);
  });

  it('is on the loopback address alone, and says when its port is taken', async () => {
    await expect(Dashboard.open({ directory: folder.at('run'), port: dashboard.port })).rejects.toThrow(
      `cannot serve the page on port ${dashboard.port} of 127.0.0.1`,
    );
  });

  it('steers nothing at all when it is told not to', async () => {
    await using readOnly = await Dashboard.open({ directory: folder.at('run'), canSteer: false });
    const cookie = await cookieOf(readOnly, 'owner');
    const answer = await ask(
      readOnly,
      '/api/commands',
      { Cookie: cookie, 'Content-Type': 'application/json', Origin: `http://127.0.0.1:${readOnly.port}` },
      '{"command":"pause"}',
    );
    expect(answer.status).toBe(403);
  });
});
