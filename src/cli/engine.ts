import { InvalidArgumentError, Option } from 'commander';
import type { ClusterConnection } from '../backends/cluster/contract.ts';
import {
  connectionFrom,
  ENGINE_VARIABLES,
  type EngineSettings,
  identityFrom,
  OWN_ENGINE,
} from '../backends/cluster/settings.ts';
import type { EngineOptions } from '../manager/engine-options.ts';

/** Where the engine is, and who one is there. */
export interface EngineFlags {
  readonly engine?: string;
  readonly engineCredentials?: string;
  readonly engineNkey?: string;
  readonly engineCa?: string;
  readonly engineCert?: string;
  readonly engineKey?: string;
  readonly engineListen?: string;
}

/** Files, not secrets: what is on a command line is seen by all. */
export const engineOptions = (about: string): readonly Option[] => [
  new Option('--engine <url>', about).env(ENGINE_VARIABLES.url),
  new Option('--engine-credentials <file>', 'credentials for the engine, as nsc makes them').env(
    ENGINE_VARIABLES.credentials,
  ),
  new Option('--engine-nkey <file>', 'the seed of an nkey for the engine').env(ENGINE_VARIABLES.nkey),
  new Option('--engine-ca <file>', 'certificates by which the engine is trusted').env(ENGINE_VARIABLES.ca),
  new Option('--engine-cert <file>', 'the certificate that is shown to the engine').env(
    ENGINE_VARIABLES.cert,
  ),
  new Option('--engine-key <file>', 'the key of that certificate').env(ENGINE_VARIABLES.key),
];

/** Those of a command that manages a run. */
export const runEngineOptions = (): readonly Option[] => [
  ...engineOptions(
    `have points evaluated by workers on other machines, over this nats-server; ${OWN_ENGINE}: over one that the run starts itself`,
  ),
  new Option('--engine-listen <host>', 'where a server of the run listens (default: 127.0.0.1)').env(
    'GLOMPO_ENGINE_LISTEN',
  ),
];

/** @throws {CodedError} `usage` */
export function engineOf(flags: EngineFlags, launched?: EngineOptions): EngineOptions | undefined {
  const connection = connectionOf(flags);
  const { engine, engineListen } = flags;
  if ((engine === undefined || engine === '') && !launched) return undefined;
  return {
    ...launched,
    ...(connection && { connection }),
    ...(engineListen === undefined ? {} : { host: engineListen }),
  };
}

/** How the settings are called on the command line. */
const FLAGS = {
  url: '--engine',
  credentials: '--engine-credentials',
  nkey: '--engine-nkey',
  ca: '--engine-ca',
  cert: '--engine-cert',
  key: '--engine-key',
} as const;

/** @throws {CodedError} `usage` */
export function connectionOf(
  flags: EngineFlags,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ClusterConnection | undefined {
  const { engine } = flags;
  return connectionFrom({ url: engine, ...settingsOf(flags) }, FLAGS, env);
}

/**
 * Who one is for the engine, wherever that is.
 *
 * @throws {CodedError} `usage`
 */
export function identityOf(
  flags: EngineFlags,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Omit<ClusterConnection, 'servers'> {
  return identityFrom(settingsOf(flags), FLAGS, env);
}

function settingsOf(flags: EngineFlags): Omit<EngineSettings, 'url'> {
  const { engineCredentials, engineNkey, engineCa, engineCert, engineKey } = flags;
  return {
    credentials: engineCredentials,
    nkey: engineNkey,
    ca: engineCa,
    cert: engineCert,
    key: engineKey,
  };
}

/** @throws {InvalidArgumentError} */
export function parseSlots(text: string): number {
  const slots = Number(text);
  if (!(Number.isInteger(slots) && slots >= 1 && slots <= 4096))
    throw new InvalidArgumentError(`expected an integer from 1 to 4096, got ${text}`);
  return slots;
}

/** @throws {InvalidArgumentError} */
export function parseWait(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 0 && seconds <= 1e6))
    throw new InvalidArgumentError(`expected a number of seconds, got ${text}`);
  return seconds;
}
