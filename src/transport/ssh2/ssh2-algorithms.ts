import type { CipherAlgorithm, CompressionAlgorithm, KexAlgorithm, MacAlgorithm } from 'ssh2';
import type { SshOptions } from '../../domain/host.ts';

/** The ciphers of ssh2 1.17 (its lib/protocol/constants.js), fastest first. */
const CIPHERS: readonly CipherAlgorithm[] = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'chacha20-poly1305@openssh.com',
  'aes256-cbc',
  'aes192-cbc',
  'aes128-cbc',
  '3des-cbc',
];
const MACS: readonly MacAlgorithm[] = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha1-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
  'hmac-sha1',
  'hmac-md5',
];
const KEY_EXCHANGES: readonly KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group15-sha512',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group17-sha512',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group-exchange-sha1',
  'diffie-hellman-group14-sha1',
  'diffie-hellman-group1-sha1',
];

export interface Ssh2Algorithms {
  readonly cipher: CipherAlgorithm[];
  readonly hmac: MacAlgorithm[];
  readonly kex: KexAlgorithm[];
  readonly compress: CompressionAlgorithm[];
}

/** ssh2 supports nothing of a list that ssh would offer. */
export class NothingInCommon extends Error {
  override readonly name = 'NothingInCommon';
}

/**
 * Chooses the algorithms to offer: those allowed by the ssh configuration that ssh2 supports. Keeps an order that the
 * user configured; OpenSSH's default order starts with ciphers that are slow without native code. Throws
 * NothingInCommon.
 */
export function chooseAlgorithms({ algorithms, compression }: SshOptions): Ssh2Algorithms {
  return {
    cipher: inCommon('Ciphers', CIPHERS, algorithms.ciphers, looksDefault(algorithms.ciphers)),
    hmac: inCommon('MACs', MACS, algorithms.macs, false),
    kex: inCommon('KexAlgorithms', KEY_EXCHANGES, algorithms.kex, false),
    compress: compression ? ['zlib@openssh.com', 'none'] : ['none', 'zlib@openssh.com'],
  };
}

/** OpenSSH has preferred ChaCha20 by default since its first release with it (6.5). */
function looksDefault(ciphers: readonly string[]): boolean {
  return ciphers[0] === 'chacha20-poly1305@openssh.com' && ciphers.length > 4;
}

function inCommon<Name extends string>(
  keyword: string,
  ours: readonly Name[],
  allowed: readonly string[],
  ourOrder: boolean,
): Name[] {
  const common = ourOrder
    ? ours.filter((name) => allowed.includes(name))
    : allowed.flatMap((name) => ours.filter((own) => own === name));
  if (common.length > 0) return common;
  throw new NothingInCommon(`${keyword} ${allowed.join(',')}`);
}
