import { PAGE_BYTES as PAGE } from './schema.ts';

/** An evaluation's record without `x`, measured: ids, value, times, `ok`, a worker's name. Errors and extras come on top. */
const RECORD = 50;

/** The journal of one evaluation, measured: 4 to 7. */
const JOURNAL = 6;

/** A batch's own, measured: 33. Batches of slow tasks have one evaluation, of quick ones hundreds. */
const BATCH_SHARE = 20;

/** Schema, facts, events and optimizers, measured; the configuration among the facts grows with the parameters. */
const FIXED = 88_000;
const FIXED_PER_PARAMETER = 135;

/** How much of the disk one more evaluation takes. @param parameters all, fixed and tied ones too */
export function bytesPerEvaluation(parameters: number): number {
  return bytesOfRow(RECORD + 8 * parameters) + JOURNAL + BATCH_SHARE;
}

/**
 * How large the log of a run becomes, errors, extras and what tasks print left out.
 *
 * @param evaluations `Infinity` when they are not limited
 */
export function forecastBytes(evaluations: number, parameters: number): number {
  return Math.round(FIXED + FIXED_PER_PARAMETER * parameters + evaluations * bytesPerEvaluation(parameters));
}

/**
 * How much of the disk a row takes, which is more than it has: a page holds whole rows, and what does not fit on one goes on in others.
 *
 * @param payload bytes of its record
 * @see https://sqlite.org/fileformat2.html#b_tree_pages, "Cell Format"
 */
function bytesOfRow(payload: number): number {
  const usable = PAGE;
  const largest = usable - 35;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((payload - least) % (usable - 4));
  const local = payload <= largest ? payload : wanted <= largest ? wanted : least;
  const overflow = Math.ceil((payload - local) / (usable - 4));
  // Its pointer, its length and its id; and the number of the first other page.
  const cell = local + 7 + (overflow > 0 ? 4 : 0);
  return PAGE / Math.floor((PAGE - 8) / cell) + overflow * PAGE;
}
