/**
 * A genetic algorithm that calls its function through a `map` which can be swapped, as users of DEAP do it:
 * `toolbox.register("map", pool.map)`. Nothing else changes, the result included.
 *
 *     node examples/pool/deap.ts
 */
import { Pool } from 'glompo/pool';

type Individual = readonly number[];
type Fitness = (individual: Individual) => number;

/** Rastrigin's function: a bowl full of dents; 0 at the origin is the least. It is sent as its text: it uses `Math` and its argument. */
const rastrigin: Fitness = (x) =>
  x.reduce((sum, xi) => sum + xi * xi - 10 * Math.cos(2 * Math.PI * xi) + 10, 0);

/** What the algorithm is made of; each part may be another. */
interface Toolbox {
  map(f: Fitness, individuals: readonly Individual[]): Promise<readonly number[]> | readonly number[];
  select(population: readonly Individual[], fitness: readonly number[]): Individual;
  mate(a: Individual, b: Individual): Individual;
  mutate(individual: Individual): Individual;
}

/** Numbers in [0, 1) that are the same for the same seed: the generator mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function toolboxOf(random: () => number): Toolbox {
  const below = (n: number): number => Math.floor(n * random());
  return {
    map: (f, individuals) => individuals.map((one) => f(one)),
    // A tournament of three.
    select: (population, fitness) => {
      const rivals = [1, 2, 3].map(() => below(population.length));
      return population[rivals.reduce((a, b) => (fitness[b]! < fitness[a]! ? b : a))]!;
    },
    // The genes of `b` between two points, those of `a` around them.
    mate: (a, b) => {
      const [from, to] = [below(a.length), below(a.length)].toSorted((i, j) => i - j);
      return a.map((gene, i) => (i >= from! && i <= to! ? b[i]! : gene));
    },
    mutate: (individual) =>
      individual.map((gene) => (random() < 0.15 ? gene + 0.5 * (random() - random()) : gene)),
  };
}

const DIMENSION = 8;
const POPULATION = 80;
const GENERATIONS = 60;

async function evolve(change: Partial<Toolbox> = {}): Promise<number> {
  const random = randomNumbers(42);
  const toolbox = { ...toolboxOf(random), ...change };
  let population: readonly Individual[] = Array.from({ length: POPULATION }, () =>
    Array.from({ length: DIMENSION }, () => 10.24 * random() - 5.12),
  );
  let fitness = await toolbox.map(rastrigin, population);
  let best = Math.min(...fitness);
  for (let generation = 1; generation <= GENERATIONS; generation++) {
    const select = (): Individual => toolbox.select(population, fitness);
    population = population.map(() => toolbox.mutate(toolbox.mate(select(), select())));
    fitness = await toolbox.map(rastrigin, population);
    best = Math.min(best, ...fitness);
  }
  return best;
}

await using pool = new Pool({ workers: 2 });
const alone = await evolve();
const together = await evolve({ map: (f, individuals) => pool.map(f, individuals) });

console.log(`Array.prototype.map: ${alone.toFixed(6)} after ${GENERATIONS} generations of ${POPULATION}`);
console.log(`pool.map:            ${together.toFixed(6)}`);
console.log(`The same to the last bit: ${alone === together}`);
