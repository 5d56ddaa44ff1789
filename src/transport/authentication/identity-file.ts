import { readFile, stat } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import { codeOf, messageOf } from '../../lib/errors.ts';
import { keyTypeOf } from './agent-identities.ts';

/** What lies at the path of an IdentityFile. */
export type IdentityFile =
  | { readonly kind: 'missing' }
  /** Cannot be used, and why. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** Only the system's ssh can use it, such as a security key. */
  | { readonly kind: 'foreign'; readonly type: string }
  | { readonly kind: 'plain'; readonly key: ParsedKey }
  /** `publicKey` is the blob that it belongs to, where that can be told without the passphrase. */
  | { readonly kind: 'encrypted'; readonly content: Buffer; readonly publicKey: Buffer | null }
  /** Only a public key: the private part is with an agent. */
  | { readonly kind: 'public'; readonly publicKey: Buffer };

/** Bytes. A private key of 16384 bits has some 13 KB. */
const LARGEST = 256 * 1024;

/** Reads an identity file and, where it does not tell its public key, the `.pub` beside it. */
export async function readIdentityFile(path: string): Promise<IdentityFile> {
  let content: Buffer;
  try {
    const { mode, uid, size } = await stat(path);
    if (size > LARGEST) return { kind: 'unusable', reason: `${path} is too large for a key` };
    content = await readFile(path);
    // As ssh does (sshkey_perm_ok in authfile.c), for what is private.
    if (uid === process.getuid?.() && (mode & 0o077) !== 0 && isPrivate(content)) {
      return { kind: 'unusable', reason: `${path} is ignored, as by ssh: others can read it (chmod 600 ${path})` };
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return readPublicOnly(path);
    return { kind: 'unusable', reason: `${path} cannot be read: ${codeOf(error) ?? messageOf(error)}` };
  }
  const parsed = ssh2.utils.parseKey(content);
  if (!(parsed instanceof Error)) {
    return parsed.isPrivateKey()
      ? { kind: 'plain', key: parsed }
      : { kind: 'public', publicKey: publicBlob(content) ?? parsed.getPublicSSH() };
  }
  const publicKey = publicPartOf(content) ?? (await readPublicKey(`${path}.pub`));
  const type = publicKey === null ? '' : keyTypeOf(publicKey);
  if (/^sk-|-cert-/.test(type)) return { kind: 'foreign', type };
  if (/encrypted|passphrase/i.test(parsed.message)) return { kind: 'encrypted', content, publicKey };
  return { kind: 'unusable', reason: `${path} cannot be used: ${parsed.message}` };
}

/** Without the file ssh looks for the public key alone: an agent may hold the other part. */
async function readPublicOnly(path: string): Promise<IdentityFile> {
  const publicKey = await readPublicKey(`${path}.pub`);
  return publicKey === null ? { kind: 'missing' } : { kind: 'public', publicKey };
}

async function readPublicKey(path: string): Promise<Buffer | null> {
  return publicBlob(await readFile(path).catch(() => Buffer.alloc(0)));
}

/** The blob of a line `ssh-ed25519 AAAA... comment`. */
function publicBlob(content: Buffer): Buffer | null {
  const [type, text] = content.toString('latin1').trim().split(/\s+/);
  if (type === undefined || text === undefined) return null;
  const blob = Buffer.from(text, 'base64');
  return keyTypeOf(blob) === type ? blob : null;
}

function isPrivate(content: Buffer): boolean {
  return content.includes('PRIVATE KEY-----');
}

const MAGIC = Buffer.from('openssh-key-v1\0');

/** The public key that stands unencrypted in a private key of OpenSSH's own format (PROTOCOL.key, section 1). */
function publicPartOf(content: Buffer): Buffer | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(content.toString('latin1'))?.[1];
  if (body === undefined) return null;
  const bytes = Buffer.from(body, 'base64');
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  let at = MAGIC.length;
  const readLength = () => (at + 4 <= bytes.length ? bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY);
  // Cipher, key derivation and its options come before the number of keys.
  for (let field = 0; field < 3; field += 1) at += 4 + readLength();
  at += 4;
  const length = readLength();
  if (at + 4 + length > bytes.length) return null;
  return bytes.subarray(at + 4, at + 4 + length);
}

/** The first certificate that ssh would take along with a key by itself (ssh_config(5), CertificateFile); `null` when there is none. */
export async function findCertificate(identityFiles: readonly string[]): Promise<string | null> {
  for (const path of identityFiles) {
    const certificate = `${path}-cert.pub`;
    if (await stat(certificate).catch(() => null)) return certificate;
  }
  return null;
}
