import type { Picture } from '../../src/views/story/picture.ts';

/** Stands where something would that the server was asked for, when no answer came. */
export function Missing({
  trouble,
  picture,
  words = 'Nobody answers, and the page has not got this.',
}: {
  /** Why there is none; `undefined`: it came, or is on its way. */
  readonly trouble: Error | undefined;
  readonly picture: Picture;
  readonly words?: string;
}): preact.JSX.Element | null {
  if (!trouble) return null;
  // A server that does answer says itself what is wrong.
  if (!isSilence(trouble))
    return (
      <p class="notice" role="status">
        {trouble.message}
      </p>
    );
  return (
    <p class="notice" role="status">
      {words} To see it: <code>glompo dashboard {picture.facts.directory}</code>
    </p>
  );
}

/** What `fetch` throws when nobody is there. */
function isSilence(trouble: Error): boolean {
  return trouble instanceof TypeError;
}
