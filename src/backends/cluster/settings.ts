import path from 'node:path';
import { CodedError } from '../../core/errors.ts';
import { ENGINE_TOKEN } from '../../core/secrets.ts';
import type { ClusterConnection } from './contract.ts';

/** Instead of an address: a server that is started for the purpose. */
export const OWN_ENGINE = 'own';

/** Where the engine is and who one is there, as somebody wrote it. Files, not secrets: what is on a command line is seen by all. */
export interface EngineSettings {
  readonly url?: string | undefined;
  readonly credentials?: string | undefined;
  readonly nkey?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Under which names these are in the environment. */
export const ENGINE_VARIABLES: Readonly<Record<keyof EngineSettings, string>> = {
  url: 'GLOMPO_ENGINE_URL',
  credentials: 'GLOMPO_ENGINE_CREDENTIALS',
  nkey: 'GLOMPO_ENGINE_NKEY',
  ca: 'GLOMPO_ENGINE_CA',
  cert: 'GLOMPO_ENGINE_CERT',
  key: 'GLOMPO_ENGINE_KEY',
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What settings come to; nothing when they name no engine.
 *
 * @param names how the settings are called where they were written, for messages
 * @throws {CodedError} `usage`
 */
export function connectionFrom(
  { url, credentials, nkey, ca, cert, key }: EngineSettings,
  names: Readonly<Record<keyof EngineSettings, string>>,
  env: Environment,
): ClusterConnection | undefined {
  if (url === undefined || url === '' || url === OWN_ENGINE) return undefined;
  const servers = url.split(',').map((one) => serverOf(one, names));
  return { servers, ...identityFrom({ credentials, nkey, ca, cert, key }, names, env) };
}

/**
 * Who one is, and whom one trusts, wherever the engine is: what was set, and nothing else.
 *
 * @throws {CodedError} `usage`
 */
export function identityFrom(
  { credentials, nkey, ca, cert, key }: Omit<EngineSettings, 'url'>,
  names: Readonly<Record<keyof EngineSettings, string>>,
  env: Environment,
): Omit<ClusterConnection, 'servers'> {
  if ((cert === undefined) !== (key === undefined))
    throw new CodedError('usage', `${names.cert} and ${names.key} go together: a certificate and its key`);
  const token = env[ENGINE_TOKEN];
  // Those who read of it in a file have another working directory.
  const tls = { caFile: absolute(ca), certFile: absolute(cert), keyFile: absolute(key) };
  return {
    ...(token ? { token } : {}),
    ...(credentials === undefined ? {} : { credentialsFile: absolute(credentials) }),
    ...(nkey === undefined ? {} : { nkeyFile: absolute(nkey) }),
    ...(ca === undefined && cert === undefined ? {} : { tls }),
  };
}

function absolute(file: string | undefined): string | undefined {
  return file === undefined ? undefined : path.resolve(file);
}

/**
 * The engine that the environment names, for programs that have no command line of ours.
 *
 * @throws {CodedError} `usage`
 */
export function connectionOfEnvironment(env: Environment = process.env): ClusterConnection | undefined {
  const given = Object.entries(ENGINE_VARIABLES).map(([setting, name]) => [setting, env[name] || undefined]);
  return connectionFrom(Object.fromEntries(given) as EngineSettings, ENGINE_VARIABLES, env);
}

function serverOf(text: string, names: Readonly<Record<keyof EngineSettings, string>>): string {
  // First of all: of an address that is otherwise wrong, too, it is not to be shown.
  if (text.includes('@'))
    throw new CodedError(
      'usage',
      `${names.url}: no secrets in the address, which others can read: give ${ENGINE_TOKEN}, or ${names.credentials} with a file`,
    );
  const url = URL.parse(text);
  if (!url || !/^(?:nats|tls):$/.test(url.protocol) || url.hostname === '')
    throw new CodedError(
      'usage',
      `${names.url}: expected nats://host:4222 or tls://host:4222, got ${text}; ${OWN_ENGINE} is a server that is started for this alone`,
    );
  return text;
}
