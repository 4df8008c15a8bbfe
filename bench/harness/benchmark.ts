import type { Peers } from './peers.ts';

/** A figure that was measured several times. */
export interface Measured {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** `null`: not measured, which a note of the table explains. */
export type Cell = string | number | Measured | null;

export interface Column {
  readonly name: string;
  /** Of the numbers in it: `µs`, `/s`. */
  readonly unit?: string;
  /** Whether a change is a change for the better; nothing is said of it when not given. */
  readonly better?: 'higher' | 'lower';
}

export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  /** One cell a column. Texts say what a row is about: by them it is found again in an older result. */
  readonly rows: readonly (readonly Cell[])[];
  /** What is left out, and what the figures say. */
  readonly notes?: readonly string[];
}

/** What a benchmark is given. */
export interface Bench {
  /** Its own, empty, removed afterwards. */
  readonly folder: string;
  /** Whether figures that are less exact, and there sooner, are enough. */
  readonly isQuick: boolean;
  readonly peers: Peers;
  /** Says how far it is. */
  readonly say: (line: string) => void;
}

/** One file of `bench/speed/`: what is measured, and how. */
export interface Benchmark {
  /** The file's name. */
  readonly name: string;
  readonly title: string;
  /** In Markdown, what figures alone do not say: the task, the machine's part, the goal. */
  readonly about: string;
  /** Whether it takes so many minutes that it runs only when it is named. */
  readonly isLong?: true;
  run(bench: Bench): Promise<readonly Table[]>;
}
