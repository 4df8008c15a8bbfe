import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '../core/errors.ts';
import { feedProgram } from '../processes/feed-program.ts';
import { filmOf, FRAME } from '../views/report/film.ts';
import type { Rasterizer } from '../views/report/raster.ts';
import type { Picture } from '../views/story/picture.ts';
import { isTerminal, printError } from './console.ts';

export interface FilmOptions {
  readonly file: string;
  readonly seconds: number;
  readonly fps: number;
  readonly signal: AbortSignal;
}

/** Dots for each unit of a frame: 1280 by 720. */
const ZOOM = 4 / 3;

/** The kinds of films, by the endings of their files: of the encoders, the first that is there is taken. */
const KINDS = {
  '.mp4': {
    format: 'mp4',
    encoders: ['libx264', 'libopenh264', 'mpeg4'],
    // So that it plays while it is loaded.
    more: ['-movflags', '+faststart'],
  },
  '.webm': { format: 'webm', encoders: ['libvpx-vp9', 'libvpx'], more: [] },
} as const;

/** What else an encoder is told: good pictures of thin lines. */
const QUALITY: Readonly<Record<string, readonly string[]>> = {
  libx264: ['-preset', 'medium', '-crf', '20'],
  mpeg4: ['-q:v', '3'],
  'libvpx-vp9': ['-crf', '30', '-b:v', '0', '-row-mt', '1', '-deadline', 'good', '-cpu-used', '4'],
  libvpx: ['-crf', '10', '-b:v', '2M', '-deadline', 'good', '-cpu-used', '4'],
};

/** @throws {CodedError} `usage` when it is no file of a kind that can be written */
export function kindOfFilm(file: string): (typeof KINDS)[keyof typeof KINDS] {
  const ending = path.extname(file).toLowerCase();
  if (ending === '.mp4' || ending === '.webm') return KINDS[ending];
  throw new CodedError('usage', `--film writes .mp4 or .webm, and not ${file}`);
}

/**
 * Makes a film of a run.
 *
 * @returns the encoder; `undefined` when it was interrupted
 * @throws {CodedError} `usage` without ffmpeg or an encoder; nothing is left of a film that was not finished
 */
export async function writeFilm(
  of: Picture,
  rasterizer: Rasterizer,
  { file, seconds, fps, signal }: FilmOptions,
): Promise<string | undefined> {
  const { format, more } = kindOfFilm(file);
  const encoder = await encoderFor(file);
  const frames = Math.max(1, Math.round(seconds * fps));
  const unfinished = `${file}.${process.pid}.part`;
  const [width, height] = [FRAME.width * ZOOM, FRAME.height * ZOOM];
  try {
    const end = await feedProgram(
      [
        'ffmpeg -hide_banner -loglevel error -nostats -y'.split(' '),
        `-f rawvideo -pix_fmt rgba -s ${width}x${height} -r ${fps} -i pipe:0`.split(' '),
        ['-an', '-c:v', encoder, ...(QUALITY[encoder] ?? []), '-pix_fmt', 'yuv420p', ...more],
        // A name that begins with a hyphen is an option, one with a colon a protocol.
        ['-f', format, `file:${path.resolve(unfinished)}`],
      ].flat(),
      dotsOf(of, rasterizer, frames),
      signal,
    );
    if (signal.aborted) return undefined;
    if (end.exitCode !== 0)
      throw new CodedError(
        'internal',
        `ffmpeg made no film of it: ${end.stderr.trim() || `exit code ${end.exitCode}`}`,
      );
    renameSync(unfinished, file);
    return encoder;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

async function encoderFor(file: string): Promise<string> {
  const asked = await feedProgram(['ffmpeg', '-hide_banner', '-encoders'], []);
  if (asked.isMissing)
    throw new CodedError(
      'usage',
      'ffmpeg is not on the PATH: apt install ffmpeg, or brew install ffmpeg; the plots themselves are in report.html',
    );
  const { encoders } = kindOfFilm(file);
  const known = new Set(Array.from(asked.stdout.matchAll(/^ V\S+ (\S+)/gm), ([, name]) => name));
  const found = encoders.find((name) => known.has(name));
  if (found === undefined)
    throw new CodedError(
      'usage',
      `this ffmpeg has no encoder for ${path.extname(file)}: none of ${encoders.join(', ')}`,
    );
  return found;
}

function* dotsOf(of: Picture, rasterizer: Rasterizer, frames: number): Generator<Uint8Array, void> {
  let frame = 0;
  for (const svg of filmOf(of, frames)) {
    yield rasterizer.dots(svg, ZOOM);
    frame++;
    if (isTerminal()) process.stderr.write(`\rfilm: ${Math.round((100 * frame) / frames)} %`);
  }
  if (isTerminal()) printError('');
}
