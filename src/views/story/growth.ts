import type { ListPatch } from './frame.ts';

/**
 * A figure that only grows as calls come, at the end of each column of the calls' axis: the latest end of all evaluations up to there, which says
 * when which call was, or how many of them were of some kind.
 */
export class Growth {
  #width = 1;
  #figures: number[] = [];
  #changed: number[] = [];
  #widened = 0;

  /** @param width of a column of the axis now */
  add(call: number, figure: number, width: number, revision: number): void {
    while (this.#width < width) this.#widen(revision);
    const column = Math.floor(call / this.#width);
    for (let next = this.#figures.length; next <= column; next++) {
      this.#figures.push(this.#figures[next - 1] ?? 0);
      this.#changed.push(revision);
    }
    // Calls come in their order: it is the last column.
    if (figure <= this.#figures[column]!) return;
    this.#figures[column] = figure;
    this.#changed[column] = revision;
  }

  patch(since: number): ListPatch {
    const changed = since < this.#widened ? 0 : this.#changed.findIndex((revision) => revision > since);
    const from = changed < 0 ? this.#figures.length : changed;
    return { from, values: this.#figures.slice(from).map((figure) => Math.round(figure)) };
  }

  /** Where it is a time: the calls of the columns that end within one, with one more on each side, since calls are not numbered by their ends. */
  callsWithin(from: number, to: number): { readonly from: number; readonly to: number } {
    const first = this.#figures.findIndex((time) => time >= from);
    const after = this.#figures.findIndex((time) => time > to);
    return {
      from: Math.max(0, (first < 0 ? this.#figures.length : first) - 1) * this.#width,
      to: ((after < 0 ? this.#figures.length : after) + 2) * this.#width,
    };
  }

  #widen(revision: number): void {
    this.#width *= 2;
    this.#widened = revision;
    const pairs = Math.ceil(this.#figures.length / 2);
    this.#figures = Array.from(
      { length: pairs },
      (_, i) => this.#figures[2 * i + 1] ?? this.#figures[2 * i]!,
    );
    this.#changed = this.#figures.map(() => revision);
  }
}
