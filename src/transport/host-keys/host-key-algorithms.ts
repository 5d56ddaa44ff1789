import type { ServerHostKeyAlgorithm } from 'ssh2';

/** The types of key by the algorithms that ssh2 has (its lib/protocol/constants.js, SUPPORTED_SERVER_HOST_KEY). */
export const KEY_TYPES: Readonly<Record<ServerHostKeyAlgorithm, string>> = {
  'ssh-ed25519': 'ssh-ed25519',
  'ecdsa-sha2-nistp256': 'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384': 'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521': 'ecdsa-sha2-nistp521',
  'rsa-sha2-512': 'ssh-rsa',
  'rsa-sha2-256': 'ssh-rsa',
  'ssh-rsa': 'ssh-rsa',
  'ssh-dss': 'ssh-dss',
};

/**
 * What of the algorithms that a configuration allows (OpenSSH's names) can be offered by ssh2, in their order but for those of the types
 * on record, which come first (order_hostkeyalgs() in OpenSSH's sshconnect2.c).
 */
export function orderAlgorithms(allowed: readonly string[], onRecord: ReadonlySet<string>): ServerHostKeyAlgorithm[] {
  const isFirst = (algorithm: ServerHostKeyAlgorithm) => onRecord.has(KEY_TYPES[algorithm]);
  const supported = allowed.filter(isSupported);
  return [...supported.filter(isFirst), ...supported.filter((algorithm) => !isFirst(algorithm))];
}

/** Does a configuration allow hosts that show a certificate instead of a key? */
export function allowsCertificates(allowed: readonly string[]): boolean {
  return allowed.some((algorithm) => /-cert-v\d+@/.test(algorithm));
}

function isSupported(algorithm: string): algorithm is ServerHostKeyAlgorithm {
  return Object.hasOwn(KEY_TYPES, algorithm);
}
