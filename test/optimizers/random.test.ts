import { describe, expect, it } from 'vitest';
import { drive, make, sphere } from './support.ts';

describe('random search', () => {
  it('fills the box evenly', () => {
    const { answers } = drive(make('random', { dimension: 2 }), sphere(), 8000);
    const counts = new Map<string, number>();
    for (const { x } of answers) {
      const cell = `${Math.floor(4 * x[0]!)},${Math.floor(4 * x[1]!)}`;
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    expect(counts.size).toBe(16);
    // 500 expected in each of 16 cells, standard deviation 22.
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(110);
  });

  it('never waits for answers and never stops', () => {
    const optimizer = make('random');
    for (let i = 0; i < 100; i++) expect(optimizer.ask(20)).toHaveLength(20);
    drive(optimizer, () => 0, 1000);
    expect(optimizer.stopReason).toBeUndefined();
  });
});
