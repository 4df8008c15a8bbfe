import { InvalidArgumentError, Option } from 'commander';
import type { ClusterConnection } from '../backends/cluster/contract.ts';
import type { EngineOptions } from '../manager/engine-options.ts';
import { CodedError } from '../core/errors.ts';

/** For `--engine`: a server that the run starts itself. */
const OWN = 'own';

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
  new Option('--engine <url>', about).env('GLOMPO_ENGINE_URL'),
  new Option('--engine-credentials <file>', 'credentials for the engine, as nsc makes them').env(
    'GLOMPO_ENGINE_CREDENTIALS',
  ),
  new Option('--engine-nkey <file>', 'the seed of an nkey for the engine').env('GLOMPO_ENGINE_NKEY'),
  new Option('--engine-ca <file>', 'certificates by which the engine is trusted').env('GLOMPO_ENGINE_CA'),
  new Option('--engine-cert <file>', 'the certificate that is shown to the engine').env('GLOMPO_ENGINE_CERT'),
  new Option('--engine-key <file>', 'the key of that certificate').env('GLOMPO_ENGINE_KEY'),
];

/** Those of a command that manages a run. */
export const runEngineOptions = (): readonly Option[] => [
  ...engineOptions(
    `have points evaluated by workers on other machines, over this nats-server; ${OWN}: over one that the run starts itself`,
  ),
  new Option('--engine-listen <host>', 'where a server of the run listens (default: 127.0.0.1)').env(
    'GLOMPO_ENGINE_LISTEN',
  ),
];

/** @throws {CodedError} `usage` */
export function engineOf(flags: EngineFlags): EngineOptions | undefined {
  const connection = connectionOf(flags);
  const { engine, engineListen } = flags;
  if (engine === undefined) return undefined;
  return { ...(connection && { connection }), ...(engineListen === undefined ? {} : { host: engineListen }) };
}

/** @throws {CodedError} `usage` */
export function connectionOf(
  flags: EngineFlags,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ClusterConnection | undefined {
  const { engine, engineCredentials, engineNkey, engineCa, engineCert, engineKey } = flags;
  if (engine === undefined || engine === OWN) return undefined;
  const servers = engine.split(',').map(serverOf);
  if ((engineCert === undefined) !== (engineKey === undefined))
    throw new CodedError('usage', '--engine-cert and --engine-key go together: a certificate and its key');
  const hasTls = engineCa !== undefined || engineCert !== undefined;
  return {
    servers,
    token: env['GLOMPO_ENGINE_TOKEN'],
    credentialsFile: engineCredentials,
    nkeyFile: engineNkey,
    ...(hasTls ? { tls: { caFile: engineCa, certFile: engineCert, keyFile: engineKey } } : {}),
  };
}

function serverOf(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^(?:nats|tls):$/.test(url.protocol) || url.hostname === '')
    throw new CodedError(
      'usage',
      `--engine: expected nats://host:4222 or tls://host:4222, got ${text}; ${OWN} is a server of the run's own`,
    );
  if (url.username !== '' || url.password !== '')
    throw new CodedError(
      'usage',
      '--engine: no secrets in the address, which others can read: give GLOMPO_ENGINE_TOKEN, or --engine-credentials with a file',
    );
  return text;
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
