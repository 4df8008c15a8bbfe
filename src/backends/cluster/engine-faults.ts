import { CodedError, messageOf } from '../../core/errors.ts';
import type { ClusterConnection } from './contract.ts';
import { ENGINE_VARIABLES, type EngineSettings } from './settings.ts';

/** The servers without what may be secret in their addresses. */
export function placeOf({ servers }: ClusterConnection): string {
  return servers.map((server) => server.replace(/^(\w+:\/\/)?.*@/, '$1')).join(', ');
}

/** A setting by all the names that it has: on a command line, in the environment, in a program. */
function named(setting: keyof EngineSettings, property: string): string {
  return `--engine-${setting}, ${ENGINE_VARIABLES[setting]} or \`${property}\``;
}

interface Fault {
  /** Looked for in the error and in what caused it: its code, or its message. */
  readonly sign: RegExp;
  say(connection: ClusterConnection): string;
}

/** What can be wrong with an engine, by how Node.js and the client tell it; the first that fits. */
const FAULTS: readonly Fault[] = [
  {
    sign: /jetstream( is)? not enabled|JetStreamNotEnabled/i,
    say: () =>
      'has no JetStream, which keeps the jobs: start it with `nats-server -js`, or allow it for this account',
  },
  {
    sign: /ALTNAME_INVALID|does not match certificate/i,
    say: () =>
      'has a certificate of another name: connect to it by a name that its certificate has, or have one made for this one',
  },
  {
    sign: /CERTIFICATE_REQUIRED|CERT_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA|alert (bad certificate|unknown ca|certificate required)/i,
    say: ({ tls }) =>
      tls?.certFile === undefined
        ? `wants to see a certificate: give one and its key, by ${named('cert', 'certFile')}, and ${named('key', 'keyFile')}`
        : `does not trust the certificate in ${tls.certFile}: give one that its authority has signed`,
  },
  {
    sign: /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|CERT_SIGNATURE|self[- ]signed/i,
    say: ({ tls }) =>
      tls?.caFile === undefined
        ? `has a certificate that is not trusted here: give the certificate of its authority, by ${named('ca', 'caFile')}`
        : `has a certificate that the authority in ${tls.caFile} does not vouch for, or that has expired: see that it is the right one`,
  },
  {
    sign: /does not support 'tls'/,
    say: () => 'does not encrypt, and this is to be encrypted: give it a certificate, or connect to nats://',
  },
  {
    sign: /PEM|NO_START_LINE|KEY_VALUES_MISMATCH|key values mismatch/i,
    say: () =>
      'cannot be asked: a file of certificates or keys has something else in it, or the two do not fit',
  },
  {
    sign: /AuthorizationError|Authorization Violation|AuthenticationExpired|Authentication (Timeout|Expired)/i,
    say: ({ token, credentialsFile, nkeyFile }) => {
      const given = credentialsFile ?? nkeyFile;
      if (given !== undefined)
        return `refuses the credentials in ${given}: see that they are of this engine, and still valid`;
      return token === undefined
        ? 'wants credentials: give a token, or a file of credentials or an nkey seed'
        : 'refuses the token: see that it is of this engine, and of this session of it';
    },
  },
  {
    sign: /unable to parse|bad jwt|invalid (seed|encoding|prefix|checksum)|illegal|nkeys|not a valid/i,
    say: ({ credentialsFile, nkeyFile }) =>
      `cannot be asked: ${credentialsFile ?? nkeyFile ?? 'what was given'} holds no credentials that can be read`,
  },
  {
    sign: /unexpected response/,
    say: () => 'is something else than a nats-server: see that the port is the right one',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|getaddrinfo/,
    say: () => 'is not to be found by that name from here: see that the name is right, or give the address',
  },
  {
    sign: /ECONNREFUSED|connection refused/i,
    say: () => 'cannot be reached: nothing listens there. See that it runs, and that host and port are right',
  },
  {
    sign: /timeout|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|socket|closed|undefined/i,
    say: () => 'cannot be reached: it does not answer. See that it runs, and that no firewall is in between',
  },
];

/** What went wrong with the connection, and what to do about it. */
export function explain(error: unknown, connection: ClusterConnection): CodedError {
  const signs = signsOf(error);
  const fault = FAULTS.find(({ sign }) => sign.test(signs));
  const said = fault?.say(connection) ?? `cannot be used: ${withoutSecrets(messageOf(error), connection)}`;
  return new CodedError('engine-unusable', `the engine at ${placeOf(connection)} ${said}`, {
    // The token may be in what the client says of an address.
    cause: new Error(withoutSecrets(signs, connection)),
  });
}

/** All that an error tells of its kind, with what caused it. */
function signsOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 3) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const cause = error.cause === undefined ? '' : ` < ${signsOf(error.cause, depth + 1)}`;
  return `${error.constructor.name} ${code} ${error.message}${cause}`;
}

function withoutSecrets(text: string, { token, servers }: ClusterConnection): string {
  const secrets = servers.flatMap((server) => /^(?:\w+:\/\/)?(.*)@/.exec(server)?.[1] ?? []);
  return [...secrets, ...(token ? [token] : [])].reduce((left, one) => left.replaceAll(one, '***'), text);
}
