import { readFile, stat } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import { codeOf, messageOf } from '../../lib/errors.ts';
import { keyTypeOf } from './agent-identities.ts';
import { readPrivateKey } from './private-key.ts';

/** The content found at the path of an IdentityFile. */
export type IdentityFile =
  | { readonly kind: 'missing' }
  /** Cannot be used, and why. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** Only the system's ssh can use it, such as a security key; `what` describes it. */
  | { readonly kind: 'openssh-only'; readonly what: string }
  | { readonly kind: 'plain'; readonly key: ParsedKey }
  /** `publicKey` is its blob, if it can be read without the passphrase. */
  | { readonly kind: 'encrypted'; readonly content: Buffer; readonly publicKey: Buffer | null }
  /** Only a public key: an agent has the private part. */
  | { readonly kind: 'public'; readonly publicKey: Buffer };

/** A private key of 16384 bits has about 13 KB. */
const MAX_KEY_FILE_BYTES = 256 * 1024;

/** Reads an identity file and, if it does not show its public key, the `.pub` file beside it. */
export async function readIdentityFile(path: string): Promise<IdentityFile> {
  let content: Buffer;
  try {
    const { mode, uid, size } = await stat(path);
    if (size > MAX_KEY_FILE_BYTES) return { kind: 'unusable', reason: `${path} is too large for a key` };
    content = await readFile(path);
    // ssh checks private keys the same way (sshkey_perm_ok in authfile.c).
    if (uid === process.getuid?.() && (mode & 0o077) !== 0 && isPrivate(content)) {
      return { kind: 'unusable', reason: `${path} is ignored, as by ssh: others can read it (chmod 600 ${path})` };
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return readPublicOnly(path);
    return { kind: 'unusable', reason: `${path} cannot be read: ${codeOf(error) ?? messageOf(error)}` };
  }
  if (!isPrivate(content)) {
    const publicKey = publicBlob(content);
    if (publicKey !== null) return { kind: 'public', publicKey };
  }
  const reading = readPrivateKey(content);
  switch (reading.kind) {
    case 'key':
      return { kind: 'plain', key: reading.key };
    case 'openssh-only':
      return { kind: 'openssh-only', what: reading.what };
    case 'unreadable':
      return { kind: 'unusable', reason: `${path} cannot be used: ${reading.reason}` };
    case 'locked': {
      const publicKey = reading.publicKey ?? (await readPublicKey(`${path}.pub`));
      return { kind: 'encrypted', content, publicKey };
    }
  }
}

/** If the file is missing, ssh looks for the public key alone: an agent may hold the private part. */
async function readPublicOnly(path: string): Promise<IdentityFile> {
  const publicKey = await readPublicKey(`${path}.pub`);
  return publicKey === null ? { kind: 'missing' } : { kind: 'public', publicKey };
}

async function readPublicKey(path: string): Promise<Buffer | null> {
  return publicBlob(await readFile(path).catch(() => Buffer.alloc(0)));
}

/** Returns the blob of a line `ssh-ed25519 AAAA... comment`. */
function publicBlob(content: Buffer): Buffer | null {
  const [type, text] = content.toString('latin1').trim().split(/\s+/);
  if (type === undefined || text === undefined) return null;
  const blob = Buffer.from(text, 'base64');
  return keyTypeOf(blob) === type ? blob : null;
}

function isPrivate(content: Buffer): boolean {
  return content.includes('PRIVATE KEY-----');
}

/**
 * Returns the first certificate that ssh would load along with a key (ssh_config(5), CertificateFile); `null` if there
 * is none.
 */
export async function findCertificate(identityFiles: readonly string[]): Promise<string | null> {
  for (const path of identityFiles) {
    const certificate = `${path}-cert.pub`;
    if (await stat(certificate).catch(() => null)) return certificate;
  }
  return null;
}
