import type { StageAnswer } from '../staged.ts';
import { finite, inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';

/** Armijo's c. */
const SUFFICIENT = 1e-4;
/** Of what the slope promises: a step that brings as much asks for a longer one. */
const NEARLY_ALL = 0.9;
const EXPANSION = 3;
const MOST_EXPANSIONS = 20;
const MOST_CONTRACTIONS = 14;

interface Reached {
  readonly x: Float64Array;
  readonly fx: number;
  readonly answer: Pick<StageAnswer, 'gradient'>;
}

/**
 * How far to go along a direction that leads downhill, projected onto the box: shorter by interpolation until the value is low enough, longer as
 * long as it falls as the slope says.
 *
 * @see Nocedal and Wright (2006), Numerical Optimization, section 3.5, algorithm 3.1
 */
export class LineSearch {
  readonly #n: number;
  #direction: Float64Array;
  #g: Float64Array;
  #factor = 1;
  #tries = 0;
  #best: Reached | undefined;

  constructor(n: number) {
    this.#n = n;
    this.#direction = new Float64Array(n);
    this.#g = new Float64Array(n);
  }

  /** The lowest point on the way so far; `undefined` while there is none that is low enough. */
  get best(): Reached | undefined {
    return this.#best;
  }

  /** @param factor of the direction that is tried first */
  begin(direction: Float64Array, g: Float64Array, factor: number): void {
    this.#direction = direction.slice();
    this.#g = g.slice();
    this.#factor = factor;
    this.#tries = 0;
    this.#best = undefined;
  }

  /** The point that is tried. */
  trial(x: Float64Array): Float64Array {
    return this.#pointAt(x, this.#factor);
  }

  #pointAt(x: Float64Array, factor: number): Float64Array {
    return x.map((value, i) => Math.min(1, Math.max(0, value + factor * this.#direction[i]!)));
  }

  /** @param value of the trial; NaN where it has none */
  judge(x: Float64Array, fx: number, value: number, answer: StageAnswer): 'go on' | 'done' | 'failed' {
    const at = this.trial(x);
    const promised = at.reduce((sum, one, i) => sum + this.#g[i]! * (one - x[i]!), 0);
    if (value <= fx + SUFFICIENT * promised && value < (this.#best?.fx ?? fx)) {
      const { gradient } = answer;
      this.#best = { x: at, fx: value, answer: gradient ? { gradient } : {} };
      const next = this.#pointAt(x, EXPANSION * this.#factor);
      const isWorthwhile = value <= fx + NEARLY_ALL * promised && ++this.#tries < MOST_EXPANSIONS;
      if (!isWorthwhile || next.every((one, i) => one === at[i])) return 'done';
      this.#factor *= EXPANSION;
      return 'go on';
    }
    if (this.#best) return 'done';
    const isTooShort = at.every((one, i) => Math.abs(one - x[i]!) <= 1e-15);
    if (++this.#tries >= MOST_CONTRACTIONS || isTooShort) return 'failed';
    // The least point of the parabola through both values and the slope: eq. 3.57
    const part = Number.isNaN(value) ? 0.25 : -promised / (2 * (value - fx - promised));
    this.#factor *= Math.min(0.5, Math.max(0.1, part));
    return 'go on';
  }

  save(writer: SnapshotWriter): void {
    writer.put('tries', this.#tries);
    writer.put('hasBest', Number(this.#best !== undefined));
    writer.put('bestHasGradient', Number(this.#best?.answer.gradient !== undefined));
    writer.numbers([this.#factor]);
    writer.numbers(this.#direction);
    writer.numbers(this.#g);
    if (!this.#best) return;
    writer.numbers([this.#best.fx]);
    writer.numbers(this.#best.x);
    if (this.#best.answer.gradient) writer.numbers(this.#best.answer.gradient);
  }

  load(reader: SnapshotReader): void {
    const n = this.#n;
    this.#tries = reader.integer('tries', 0, MOST_EXPANSIONS);
    const hasBest = reader.integer('hasBest', 0, 1) === 1;
    const hasGradient = reader.integer('bestHasGradient', 0, Number(hasBest)) === 1;
    this.#factor = reader.number('factor', finite);
    this.#direction = reader.numbers('direction', n, finite);
    this.#g = reader.numbers('slopes', n, finite);
    if (!hasBest) {
      this.#best = undefined;
      return;
    }
    const fx = reader.number('value on the way', finite);
    const x = reader.numbers('point on the way', n, inUnitBox);
    this.#best = { x, fx, answer: hasGradient ? { gradient: reader.numbers('gradient', n, finite) } : {} };
  }
}
