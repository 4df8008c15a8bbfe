import { randomBytes, timingSafeEqual } from 'node:crypto';

/** What somebody may do: look at the run, or also steer it. */
export type Role = 'owner' | 'viewer';

/** By these names a browser on this machine, or at the near end of a tunnel, reaches a loopback address. Others are somebody's DNS. */
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;

/**
 * Who may see a run, and who may steer it. A page is opened by an address with a token, which is then kept as a cookie.
 *
 * A server on the loopback address is reached by every page that its user has open, and by every user of the machine. So a request needs a
 * token; one that comes from a page of another origin is refused, and so is one by another name, to which somebody's DNS may point.
 */
export class Access {
  readonly #tokens: Readonly<Record<Role, string>>;
  /** Under which path each role finds the page. */
  readonly #places: Readonly<Record<Role, string>> = { owner: drawPlace(), viewer: drawPlace() };

  /** @param tokens at least 128 bits each, hard to guess @default drawn */
  constructor(tokens: Readonly<Record<Role, string>> = { owner: drawToken(), viewer: drawToken() }) {
    this.#tokens = tokens;
  }

  /** The token by which somebody gets a role. */
  tokenOf(role: Role): string {
    return this.#tokens[role];
  }

  /**
   * The path under which somebody with a role finds the page. Cookies of a host are sent to all its ports, so to whatever another user of the machine
   * serves there, unless they are for a path: and that one nobody guesses. A browser that opens the addresses of both roles keeps them apart by it.
   */
  placeOf(role: Role): string {
    return this.#places[role];
  }

  /** Whose place a path is in, and what is left of it there. */
  find(path: string): { readonly role: Role; readonly path: string } | undefined {
    for (const role of ['owner', 'viewer'] as const) {
      const place = this.#places[role];
      if (path.startsWith(`${place}/`)) return { role, path: path.slice(place.length) };
    }
    return undefined;
  }

  /** @param token as given, by address or cookie */
  roleOf(token: string | undefined): Role | undefined {
    if (token === undefined) return undefined;
    // Both are compared, whichever it is.
    const [isOwner, isViewer] = [isSame(token, this.#tokens.owner), isSame(token, this.#tokens.viewer)];
    return isOwner ? 'owner' : isViewer ? 'viewer' : undefined;
  }

  /**
   * Why a request is refused before anybody looks at what it asks for.
   *
   * @param host the header `Host`
   * @param origin the header `Origin`, where there is one
   * @param site the header `Sec-Fetch-Site`, where there is one
   * @param isReading whether it changes nothing
   * @param mode the header `Sec-Fetch-Mode`, where there is one
   */
  refusal(
    host: string | undefined,
    origin: string | undefined,
    site: string | undefined,
    isReading: boolean,
    mode?: string,
  ): string | undefined {
    if (host === undefined || !LOOPBACK.test(host))
      return 'this page is served under 127.0.0.1 and localhost alone, also at the near end of a tunnel';
    if (origin !== undefined && origin !== `http://${host}`) return 'the request comes from another page';
    const isOwn = site === undefined || site === 'same-origin' || site === 'none';
    // A link elsewhere may lead here. All else would be a picture or a script of another page, whose cookie is this one's if it is served on another port.
    if (isReading) return isOwn || mode === 'navigate' ? undefined : 'the request comes from another page';
    // Every browser sends them with what changes something; curl and the like have no cookies that others could use.
    if (origin === undefined) return 'the request does not say which page it comes from';
    return site === undefined || site === 'same-origin' ? undefined : 'the request comes from another page';
  }
}

function drawToken(): string {
  return randomBytes(24).toString('base64url');
}

function drawPlace(): string {
  return `/${randomBytes(9).toString('base64url')}`;
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
