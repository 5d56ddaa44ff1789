import { keyTypeOf } from './agent-identities.ts';

/** The unencrypted header of a private key in OpenSSH's own format (PROTOCOL.key, section 1). */
export interface OpensshKeyHeader {
  /** `none`, or ssh's name of the cipher. */
  readonly cipher: string;
  /** The public key's blob. */
  readonly publicKey: Buffer;
  readonly publicKeyType: string;
}

const MAGIC = Buffer.from('openssh-key-v1\0');

/** Parses the header; `null` if it is damaged. */
export function readKeyHeader(text: string): OpensshKeyHeader | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1];
  if (body === undefined) return null;
  const bytes = Buffer.from(body, 'base64');
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  let at = MAGIC.length;
  const next = (): Buffer | null => {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    const value = bytes.subarray(at + 4, end);
    at = end;
    return value;
  };
  // The key derivation, its options, and the number of keys come between the cipher and the public key.
  const [cipher, derivation, options] = [next(), next(), next()];
  at += 4;
  const publicKey = next();
  if (cipher === null || derivation === null || options === null || publicKey === null) return null;
  return { cipher: cipher.toString('latin1'), publicKey, publicKeyType: keyTypeOf(publicKey) };
}
