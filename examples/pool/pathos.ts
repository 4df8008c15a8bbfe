/**
 * Two maps that people know from pathos: over two sequences at once, and over a method, which takes its object along.
 *
 *     node examples/pool/pathos.ts
 */
import { method, Pool } from 'glompo/pool';

/** Grades what comes in by how far it is from what is expected. */
class Grader {
  readonly expected: number;
  readonly tolerance: number;
  graded = 0;

  constructor(expected: number, tolerance: number) {
    this.expected = expected;
    this.tolerance = tolerance;
  }

  distance(x: number): number {
    return Math.abs(x - this.expected) / this.tolerance;
  }

  grade(x: number): string {
    this.graded++;
    const grade = this.distance(x) <= 1 ? 'good' : 'poor';
    return `${x} is ${grade}, number ${this.graded} of its copy`;
  }
}

await using pool = new Pool({ backend: 'processes', workers: 2 });

// One of each sequence a call, until the shortest is over.
console.log(await pool.map((base, power) => base ** power, [1, 2, 3, 4], [5, 6, 7, 8]));

// The class goes to the workers as its text, the fields as copies: one for each call, whichever worker it is on.
const grader = new Grader(20, 2);
for (const line of await pool.map(method(grader, 'grade'), [19, 21.5, 30])) console.log(line);

// So what a call does to its object is seen by nobody; what there is to know is returned.
console.log(`${grader.graded} were graded here`);
