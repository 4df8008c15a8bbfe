import { hostname } from 'node:os';
import path from 'node:path';
import { CodedError } from '../core/errors.ts';
import { isOnOneMachine, launchKey, launchOf } from '../core/launch.ts';

/** How the processes of a launch find each other. Each of them comes to the same by itself. */
export interface Meeting {
  /** The file by which they do, on a disk that all of them see. */
  readonly file: string;
  /** In the file: what tells it from those of other launches. */
  readonly key: string;
  /** How many there are besides the one that has the pool. */
  readonly others: number;
  /** Where that one listens. */
  readonly host: string;
}

/** How many pools of this program met others. All processes of a launch run the same program, and count alike. */
let met = 0;

/**
 * Where the processes of this launch meet, for the next pool of this program.
 *
 * @param dir the directory that they have in common, if one was given
 * @throws {CodedError} `usage` where they cannot find each other
 */
export function nextMeeting(
  dir: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Meeting {
  const { size } = launchOf(env);
  const launch = launchKey(env);
  if (launch === undefined && dir === undefined)
    throw new CodedError(
      'usage',
      `rendezvous is needed: ${size} processes were launched together, and nothing that their launcher tells them says where the others are; ` +
        'make an empty directory before they are started, on a disk that all of them see, and give new Pool({ rendezvous: thatDirectory })',
    );
  const number = met++;
  const key = `${launch ?? 'launch'}${number === 0 ? '' : `.${number}`}`;
  return {
    file: path.resolve(dir ?? '.', `.glompo-${key}.json`),
    key,
    others: size - 1,
    host: isOnOneMachine(env) ? '127.0.0.1' : hostname(),
  };
}
