import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { DRAWING } from '../../core/places.ts';

let ready: Promise<Uint8Array> | undefined;

/** The library is started once in a process. @returns the font */
async function start(): Promise<Uint8Array> {
  const [wasm, font] = await Promise.all([readFile(DRAWING.wasm), readFile(DRAWING.font)]);
  await initWasm(wasm);
  return font;
}

/** What has been drawn, in a library's memory until it is freed. */
type Drawn = ReturnType<InstanceType<typeof Resvg>['render']>;

/** Turns pictures that are SVG into dots, the same on all machines: without a browser, and with a font of its own. */
export class Rasterizer {
  readonly #font: Uint8Array;

  private constructor(font: Uint8Array) {
    this.#font = font;
  }

  /** Loads what it needs: 3 MB. */
  static async load(): Promise<Rasterizer> {
    ready ??= start();
    return new Rasterizer(await ready);
  }

  /** @param zoom dots for each unit of the picture */
  png(svg: string, zoom: number): Uint8Array {
    return this.#draw(svg, zoom, (image) => image.asPng());
  }

  /** Four bytes a dot: red, green, blue and 255, row by row. */
  dots(svg: string, zoom: number): Uint8Array {
    return this.#draw(svg, zoom, (image) => image.pixels);
  }

  #draw(svg: string, zoom: number, take: (image: Drawn) => Uint8Array): Uint8Array {
    const drawing = new Resvg(svg, {
      fitTo: { mode: 'zoom', value: zoom },
      font: { fontBuffers: [this.#font], defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
    });
    try {
      const image = drawing.render();
      try {
        // A view of memory that is used again.
        return Uint8Array.from(take(image));
      } finally {
        image.free();
      }
    } finally {
      drawing.free();
    }
  }
}
