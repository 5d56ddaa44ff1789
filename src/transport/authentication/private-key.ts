import { createPrivateKey, type KeyObject } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { encodeEd25519 } from './ed25519-key.ts';
import { readKeyHeader } from './openssh-key-header.ts';

export type PrivateKeyReading =
  | { readonly kind: 'key'; readonly key: ParsedKey }
  /** The file needs a passphrase, or a different one. `publicKey` is its blob, if the file shows it. */
  | { readonly kind: 'locked'; readonly publicKey: Buffer | null }
  /** The installed ssh may read it; `what` describes the key. */
  | { readonly kind: 'openssh-only'; readonly what: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Matches the markers as sshkey_parse_private2() in OpenSSH's sshkey.c does: byte for byte, line ends included. Text after the end is ignored. */
const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----\n';
const END = '\n-----END OPENSSH PRIVATE KEY-----\n';

/** The only cipher of `ssh-keygen -Z` whose keys ssh2 cannot decrypt: it fails at the initialization vector. */
const OPENSSH_ONLY_CIPHER = 'chacha20-poly1305@openssh.com';

/**
 * Reads a private key as ssh does: OpenSSH's own format strictly, all others (PKCS#1, SEC1, PKCS#8) by OpenSSL, which ignores a byte order mark, CRLF
 * and text around the key. ssh2 lacks PKCS#8 and parses PEM more strictly, so it gets the key re-encoded. Keys stay in memory.
 */
export function readPrivateKey(content: Buffer, passphrase?: string): PrivateKeyReading {
  const text = content.toString('latin1');
  if (text.includes('BEGIN OPENSSH PRIVATE KEY')) return readOpensshKey(text, passphrase);
  if (text.includes('PuTTY-User-Key-File')) {
    return { kind: 'unreadable', reason: 'it is a PuTTY key (puttygen FILE -O private-openssh converts it)' };
  }
  if (!text.includes('PRIVATE KEY-----')) return { kind: 'unreadable', reason: 'it is not a private key' };
  try {
    // ssh tries the empty passphrase before it asks for one.
    return reencode(createPrivateKey({ key: content, format: 'pem', passphrase: passphrase ?? '' }));
  } catch {
    // A wrong passphrase yields garbage, which OpenSSL reports as damage.
    return /ENCRYPTED/.test(text)
      ? { kind: 'locked', publicKey: null }
      : { kind: 'unreadable', reason: 'its format is damaged' };
  }
}

function readOpensshKey(text: string, passphrase: string | undefined): PrivateKeyReading {
  const end = text.indexOf(END);
  // Releases of OpenSSH differ in what they forgive.
  if (!text.startsWith(BEGIN) || end < 0) return { kind: 'openssh-only', what: describeOddity(text) };
  const whole = text.slice(0, end + END.length);
  const header = readKeyHeader(whole);
  if (header?.cipher === OPENSSH_ONLY_CIPHER)
    return { kind: 'openssh-only', what: `encrypted with ${OPENSSH_ONLY_CIPHER}` };
  const key = ssh2.utils.parseKey(whole, passphrase);
  if (!(key instanceof Error)) return { kind: 'key', key };
  if (header === null) return { kind: 'unreadable', reason: 'its format is damaged' };
  const type = header.publicKeyType;
  // ssh2 reads every other kind that ssh has, except security keys and certificates.
  if (/^sk-|-cert-/.test(type)) return { kind: 'openssh-only', what: type };
  if (header.cipher !== 'none') return { kind: 'locked', publicKey: header.publicKey };
  return { kind: 'openssh-only', what: type };
}

function describeOddity(text: string): string {
  if (text.includes('\r\n')) return 'with Windows line ends';
  if (text.startsWith('\xef\xbb\xbf')) return 'with a byte order mark';
  if (/-----END OPENSSH PRIVATE KEY-----$/.test(text)) return 'without a line end after its last line';
  return 'with other text around the key';
}

const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Returns the same key in a format that ssh2 reads. */
function reencode(key: KeyObject): PrivateKeyReading {
  const type = key.asymmetricKeyType;
  if (type === 'rsa') return parseOwn(key.export({ format: 'pem', type: 'pkcs1' }));
  if (type === 'ec' && CURVES.has(key.asymmetricKeyDetails?.namedCurve ?? '')) {
    return parseOwn(key.export({ format: 'pem', type: 'sec1' }));
  }
  if (type === 'ed25519') return parseOwn(encodeEd25519(key));
  // Node cannot write DSA keys in the one form that ssh2 reads.
  if (type === 'dsa') return { kind: 'openssh-only', what: 'ssh-dss' };
  return { kind: 'unreadable', reason: `ssh has no keys of the kind ${type ?? 'unknown'}` };
}

function parseOwn(text: string | Buffer): PrivateKeyReading {
  const key = ssh2.utils.parseKey(text);
  return key instanceof Error ? { kind: 'unreadable', reason: key.message } : { kind: 'key', key };
}
