/** Where numbers of an axis are in a picture; `NaN` where there is no place for them. */
export type Scale = (value: number) => number;

/** Beyond this nothing is seen, and a renderer may not take it. */
const FAR = 20_000;

/** With one digit after the point: a picture has fewer dots than that. Relative, which is shorter. */
class PathText {
  readonly #parts: string[] = [];
  #x = 0;
  #y = 0;

  to(x: number, y: number, isMove: boolean): void {
    const [nextX, nextY] = [Math.round(10 * within(x)), Math.round(10 * within(y))];
    if (isMove) this.#parts.push(`M${nextX / 10} ${nextY / 10}`);
    else if (nextX === this.#x && nextY === this.#y) return;
    else this.#parts.push(`l${(nextX - this.#x) / 10} ${(nextY - this.#y) / 10}`);
    [this.#x, this.#y] = [nextX, nextY];
  }

  toString(): string {
    return this.#parts.join('');
  }
}

function within(value: number): number {
  return Math.max(-FAR, Math.min(FAR, value));
}

/**
 * A line through points: position, value, position, value, …. Of the points that are in one dot's width, the first, the lowest, the highest and the
 * last are drawn, so that it is as long as the picture is wide, however long the run was. It breaks where there is no place for a value.
 */
export function linePath(points: readonly number[], x: Scale, y: Scale): string {
  const text = new PathText();
  let isMove = true;
  for (const [px, py] of thinned(points, x, y)) {
    const isPlace = Number.isFinite(px) && !Number.isNaN(py);
    if (isPlace) text.to(px, py, isMove);
    isMove = !isPlace;
  }
  return text.toString();
}

/** As steps: each value holds until the next. @param end where the last one ends, in the picture */
export function stepPath(points: readonly number[], x: Scale, y: Scale, end?: number): string {
  const text = new PathText();
  let last: number | undefined;
  for (let i = 0; i < points.length; i += 2) {
    const [px, py] = [x(points[i]!), y(points[i + 1]!)];
    if (!Number.isFinite(px) || Number.isNaN(py)) continue;
    if (last !== undefined) text.to(px, last, false);
    text.to(px, py, last === undefined);
    last = py;
  }
  if (last !== undefined && end !== undefined) text.to(end, last, false);
  return text.toString();
}

type Dot = readonly [x: number, y: number];

function* thinned(points: readonly number[], x: Scale, y: Scale): Generator<Dot, void> {
  let column = NaN;
  let dots: Dot[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const dot: Dot = [x(points[i]!), y(points[i + 1]!)];
    const next = Math.floor(dot[0]);
    if (next !== column) {
      yield* outline(dots);
      dots = [];
      column = next;
    }
    dots.push(dot);
  }
  yield* outline(dots);
}

function outline(dots: readonly Dot[]): readonly Dot[] {
  if (dots.length <= 4) return dots;
  let [low, high] = [0, 0];
  dots.forEach(([, y], i) => {
    if (y > dots[low]![1]) low = i;
    if (y < dots[high]![1]) high = i;
  });
  const kept = [...new Set([0, low, high, dots.length - 1])].toSorted((a, b) => a - b);
  return kept.map((i) => dots[i]!);
}

/** Paths as few elements, one a colour: there may be thousands. @param paths each with its colour */
export function strokes(paths: readonly (readonly [colour: string, d: string])[], look = ''): string {
  const byColour = new Map<string, string[]>();
  for (const [colour, d] of paths) {
    const found = byColour.get(colour);
    if (found) found.push(d);
    else byColour.set(colour, [d]);
  }
  return Array.from(
    byColour,
    ([colour, all]) => `<path d="${all.join('')}" fill="none" stroke="${colour}"${look}/>`,
  ).join('');
}
