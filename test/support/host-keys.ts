import { randomBytes } from 'node:crypto';

/** A host's public key: made up, but of the form that ssh reads. */
export interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
  /** `TYPE BASE64`, as in known_hosts. */
  readonly text: string;
}

export type HostKeyType = 'ssh-ed25519' | 'ecdsa-sha2-nistp256' | 'ssh-rsa';

/** OpenSSH 9's default algorithms (`ssh -Q HostKeyAlgorithms`, in the order of `ssh -G`). */
export const DEFAULT_HOST_KEY_ALGORITHMS = [
  'ssh-ed25519-cert-v01@openssh.com',
  'ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'rsa-sha2-512-cert-v01@openssh.com',
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

export function makeHostKey(type: HostKeyType = 'ssh-ed25519'): HostKey {
  return hostKeyOf(Buffer.concat([Buffer.from(type), ...bodyOf(type)].map(field)));
}

/** The key in a line of a `.pub` file. */
export function readHostKey(line: string): HostKey {
  return hostKeyOf(Buffer.from(line.split(' ')[1]!, 'base64'));
}

/** A string of RFC 4251: its length, then itself. */
export function field(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

function hostKeyOf(blob: Buffer): HostKey {
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString();
  return { type, blob, text: `${type} ${blob.toString('base64')}` };
}

function bodyOf(type: HostKeyType): Buffer[] {
  if (type === 'ssh-ed25519') return [randomBytes(32)];
  if (type === 'ssh-rsa') return [Buffer.from([1, 0, 1]), Buffer.concat([Buffer.from([0, 0x80]), randomBytes(255)])];
  return [Buffer.from('nistp256'), Buffer.concat([Buffer.from([4]), randomBytes(64)])];
}
