/** One part of bench/log.md. */
export interface Section {
  /** Its heading, by which it is found again in log.md. */
  readonly title: string;
  /** What to say on the command line to run it alone. */
  readonly name: string;
  /** Measures, and returns what stands under the heading, in Markdown. @param folder one of its own, removed afterwards */
  run(folder: string): string | Promise<string>;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** 1234567 -> `1,234,567` */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
