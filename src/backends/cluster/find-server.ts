import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '../../core/errors.ts';

const NAME = 'nats-server';
const VARIABLE = 'GLOMPO_NATS_SERVER';
/** Where Debian's package puts it, which is not on everybody's PATH. */
const ELSEWHERE = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin'];

/**
 * The program to start an engine with: what GLOMPO_NATS_SERVER names, or `nats-server` on PATH.
 *
 * @throws {CodedError} `engine-unusable`, with both ways out
 */
export function findServer(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const given = env[VARIABLE];
  if (given !== undefined && given !== '') {
    if (isProgram(given)) return path.resolve(given);
    throw new CodedError(
      'engine-unusable',
      `${VARIABLE} names ${given}, which is not a program that can be run`,
    );
  }
  const folders = [
    ...(env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== ''),
    ...ELSEWHERE,
  ];
  const found = folders.map((folder) => path.join(folder, NAME)).find(isProgram);
  if (found !== undefined) return found;
  throw new CodedError(
    'engine-unusable',
    `a cluster needs an engine, and there is no ${NAME} on PATH: install it (apt install nats-server, or one file from https://nats.io/download) and name it in ${VARIABLE} if it is elsewhere, or give the address of one that runs with --engine nats://HOST:4222 or in GLOMPO_ENGINE_URL`,
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
