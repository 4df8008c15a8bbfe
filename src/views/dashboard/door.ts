import type { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import type { Access, Role } from './access.ts';
import { entrance, stranger } from './gate.ts';

const COOKIE = 'glompo';

/** What is known of whoever asks, once they are let in. */
export interface Visitor {
  readonly Variables: { role: Role };
}

/** Lets in those who have a token, from a page of this server or from none, and tells browsers what its pages may do. */
export function guard(app: Hono<Visitor>, access: Access): void {
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      crossOriginResourcePolicy: 'same-origin',
      // Of no use without TLS.
      strictTransportSecurity: false,
    }),
  );
  app.use(async (context, next): Promise<Response | undefined> => {
    const { method } = context.req;
    const why = access.refusal(
      context.req.header('host'),
      context.req.header('origin'),
      context.req.header('sec-fetch-site'),
      method === 'GET' || method === 'HEAD',
      context.req.header('sec-fetch-mode'),
    );
    if (why !== undefined) return context.json({ error: why }, 403);
    context.header('Cache-Control', 'no-store');
    const token = context.req.query('token');
    const place = access.find(new URL(context.req.url).pathname);
    const role = access.roleOf(token ?? getCookie(context, COOKIE));
    if (!role || role !== place?.role)
      return context.req.path === '/'
        ? context.html(stranger(), 403)
        : context.json({ error: 'it takes the address with the token in it' }, 403);
    if (token !== undefined) {
      const path = access.placeOf(role);
      setCookie(context, COOKIE, token, { httpOnly: true, sameSite: 'Strict', path });
      // Not redirected to: a browser that comes from another page would leave a strict cookie out.
      return context.html(entrance());
    }
    context.set('role', role);
    await next();
    return undefined;
  });
}
