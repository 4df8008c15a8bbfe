/** What a browser is given before it may see anything. Neither has anything in it that came from outside. */

/** Goes on to the page, without the token in its address. */
export function entrance(): string {
  return page('<meta http-equiv="refresh" content="0; url=./">', '<p><a href="./">To the run</a></p>');
}

export function stranger(): string {
  return page(
    '',
    '<h1>Not without the token</h1><p>Open the address that <code>glompo</code> printed: it ends in <code>?token=…</code>. It is another one each time the page is served.</p>',
  );
}

function page(head: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>glompo</title><link rel="icon" href="data:,">${head}<body>${body}</body></html>`;
}
