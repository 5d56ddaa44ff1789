import type { ServerHostKeyAlgorithm } from 'ssh2';

/** Key types by ssh2's algorithms (its lib/protocol/constants.js, SUPPORTED_SERVER_HOST_KEY). */
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
 * Returns the allowed algorithms (OpenSSH's names) that ssh2 supports, types on record first, otherwise in the given
 * order (order_hostkeyalgs() in OpenSSH's sshconnect2.c).
 */
export function orderAlgorithms(allowed: readonly string[], onRecord: ReadonlySet<string>): ServerHostKeyAlgorithm[] {
  const isFirst = (algorithm: ServerHostKeyAlgorithm) => onRecord.has(KEY_TYPES[algorithm]);
  const supported = allowed.filter(isSupported);
  return [...supported.filter(isFirst), ...supported.filter((algorithm) => !isFirst(algorithm))];
}

/** True if a configuration allows hosts to present a certificate instead of a key. */
export function allowsCertificates(allowed: readonly string[]): boolean {
  return allowed.some((algorithm) => /-cert-v\d+@/.test(algorithm));
}

function isSupported(algorithm: string): algorithm is ServerHostKeyAlgorithm {
  return Object.hasOwn(KEY_TYPES, algorithm);
}
