/** So far back is looked for the rate of now. */
const WINDOW_SECONDS = 60;
/** Fewer evaluations tell nothing: then all of them are taken. */
const FEWEST = 10;

interface Sample {
  readonly seconds: number;
  readonly evaluations: number;
}

/** How many evaluations a second a run makes, by what is seen of it. */
export class RateMeter {
  #first: Sample | undefined;
  #recent: Sample[] = [];

  /**
   * @param seconds that the run has taken, without pauses
   * @returns `undefined` while nobody can tell
   */
  sample(seconds: number, evaluations: number): number | undefined {
    const now = { seconds, evaluations };
    this.#first ??= now;
    const last = this.#recent.at(-1);
    if (!last || seconds - last.seconds >= 1) this.#recent.push(now);
    while (this.#recent.length > 1 && seconds - this.#recent[1]!.seconds >= WINDOW_SECONDS)
      this.#recent.shift();
    const recent = this.#recent[0]!;
    const since = evaluations - recent.evaluations >= FEWEST ? recent : this.#first;
    const took = seconds - since.seconds;
    const made = evaluations - since.evaluations;
    return took >= 0.5 && made > 0 ? made / took : undefined;
  }
}
