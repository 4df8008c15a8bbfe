import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Rasterizer } from '../../../src/views/report/raster.ts';

const text = (words: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="30" viewBox="0 0 100 30" font-family="Nobody Has This, sans-serif"><rect width="100" height="30" fill="#fff"/><text x="50" y="20" font-size="14">${words}</text></svg>`;

/** How many dots are dark in a part of a picture of 100 units. */
function darkIn(dots: Uint8Array, width: number, from: number, to: number): number {
  let dark = 0;
  for (let i = 0; i < dots.length; i += 4) {
    const x = ((i / 4) % width) * (100 / width);
    if (x >= from && x < to && dots[i]! < 100) dark++;
  }
  return dark;
}

describe('a rasterizer', () => {
  it('makes a PNG of the expected size', async () => {
    const png = Buffer.from((await Rasterizer.load()).png(text('evaluations'), 2));
    expect(png.subarray(0, 8)).toEqual(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([200, 60]);
    const data = png.indexOf('IDAT');
    expect(() => inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)))).not.toThrow();
  });

  it.each(['evaluations', 'Größe', 'θ₁ ≤ β', 'Ω'])('has dark dots where text is: %s', async (words) => {
    const dots = (await Rasterizer.load()).dots(text(words), 1);
    expect(dots).toHaveLength(100 * 30 * 4);
    expect(darkIn(dots, 100, 50, 100)).toBeGreaterThan(15);
    expect(darkIn(dots, 100, 0, 48)).toBe(0);
    expect(dots.filter((value, i) => i % 4 === 3 && value !== 255)).toHaveLength(0);
  });

  it('draws thousands of pictures in the memory of one', async () => {
    const rasterizer = await Rasterizer.load();
    for (let i = 0; i < 50; i++) rasterizer.dots(text(String(i)), 4);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 500; i++) rasterizer.dots(text(String(i)), 4);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
});
