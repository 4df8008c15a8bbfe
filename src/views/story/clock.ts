import type { ListPatch } from './frame.ts';

/** When which call was: the latest end of all evaluations up to the end of each column of the calls' axis. */
export class CallClock {
  #width = 1;
  #times: number[] = [];
  #changed: number[] = [];
  #widened = 0;

  /** @param width of a column of the axis now */
  add(call: number, time: number, width: number, revision: number): void {
    while (this.#width < width) this.#widen(revision);
    const column = Math.floor(call / this.#width);
    for (let next = this.#times.length; next <= column; next++) {
      this.#times.push(this.#times[next - 1] ?? 0);
      this.#changed.push(revision);
    }
    // Calls come in their order: it is the last column.
    if (time <= this.#times[column]!) return;
    this.#times[column] = time;
    this.#changed[column] = revision;
  }

  patch(since: number): ListPatch {
    const changed = since < this.#widened ? 0 : this.#changed.findIndex((revision) => revision > since);
    const from = changed < 0 ? this.#times.length : changed;
    return { from, values: this.#times.slice(from).map((time) => Math.round(time)) };
  }

  /** The calls of the columns that end within a time, with one more on each side, since calls are not numbered by their ends. */
  callsWithin(from: number, to: number): { readonly from: number; readonly to: number } {
    const first = this.#times.findIndex((time) => time >= from);
    const after = this.#times.findIndex((time) => time > to);
    return {
      from: Math.max(0, (first < 0 ? this.#times.length : first) - 1) * this.#width,
      to: ((after < 0 ? this.#times.length : after) + 2) * this.#width,
    };
  }

  #widen(revision: number): void {
    this.#width *= 2;
    this.#widened = revision;
    const pairs = Math.ceil(this.#times.length / 2);
    this.#times = Array.from({ length: pairs }, (_, i) => this.#times[2 * i + 1] ?? this.#times[2 * i]!);
    this.#changed = this.#times.map(() => revision);
  }
}
