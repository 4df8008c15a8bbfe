/**
 * The tables of the ziggurat for the normal distribution: its right half, covered by 256 layers of one area that lie on top of each other.
 *
 * Layer i is as wide as `EDGES[i]`, and under the density from its bottom to its top as far as `EDGES[i + 1]`. The lowest layer is the rectangle up to
 * `TAIL` and everything beyond; as wide as its area demands, it looks like the others to whoever draws.
 *
 * The density is exp(-x^2 / 2), computed by `Math.exp` and `Math.log`, which are V8's own: tables are the same on every machine.
 *
 * @see Marsaglia, Tsang (2000), The ziggurat method for generating random variables, J. Stat. Software 5(8)
 * @see Doornik (2005), An improved ziggurat method to generate normal random samples: other bits for the layer than for the place in it
 */

const LAYERS = 256;

/** Where the lowest rectangle ends: with it the top of the uppermost layer is at 1. */
export const TAIL = 3.654152885361009;

/** Of each layer: TAIL f(TAIL) + the integral of f from TAIL on. */
export const AREA = 0.004928673233974655;

export function density(x: number): number {
  return Math.exp(-0.5 * x * x);
}

/** `LAYERS + 1` numbers, descending to 0. */
export const EDGES: Float64Array = new Float64Array(LAYERS + 1);

/** The density at each edge: layer i reaches from `HEIGHTS[i]` up to `HEIGHTS[i + 1]`. */
export const HEIGHTS: Float64Array = new Float64Array(LAYERS + 1);

EDGES[0] = AREA / density(TAIL);
EDGES[1] = TAIL;
for (let i = 1; i < LAYERS - 1; i++)
  EDGES[i + 1] = Math.sqrt(-2 * Math.log(AREA / EDGES[i]! + density(EDGES[i]!)));
for (let i = 1; i <= LAYERS; i++) HEIGHTS[i] = density(EDGES[i]!);

/** For a signed integer of 53 bits: it becomes a place in its layer, or in the mirror image of that. */
export const SCALES: Float64Array = EDGES.map((edge) => edge / 4503599627370496);
