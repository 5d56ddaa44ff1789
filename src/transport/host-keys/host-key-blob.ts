import { createHash } from 'node:crypto';

/** A parsed public key blob (RFC 4253, section 6.6). */
export interface PublicKey {
  /** As in known_hosts, such as `ssh-ed25519`. */
  readonly type: string;
  /** Its common name, such as `ED25519`. */
  readonly label: string;
  readonly bits: number;
}

interface Format {
  readonly label: string;
  /** Returns the number of bits, or `null` if the fields after the type do not fit such a key. */
  measure(fields: readonly Buffer[]): number | null;
}

/** The key types that OpenSSH reads, without certificates. */
const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['ssh-ed25519', { label: 'ED25519', measure: (fields) => measureEd25519(fields, 1) }],
  ['sk-ssh-ed25519@openssh.com', { label: 'ED25519-SK', measure: (fields) => measureEd25519(fields, 2) }],
  ['ecdsa-sha2-nistp256', { label: 'ECDSA', measure: (fields) => measureEcdsa(fields, 2, 256) }],
  ['ecdsa-sha2-nistp384', { label: 'ECDSA', measure: (fields) => measureEcdsa(fields, 2, 384) }],
  ['ecdsa-sha2-nistp521', { label: 'ECDSA', measure: (fields) => measureEcdsa(fields, 2, 521) }],
  ['sk-ecdsa-sha2-nistp256@openssh.com', { label: 'ECDSA-SK', measure: (fields) => measureEcdsa(fields, 3, 256) }],
  ['ssh-rsa', { label: 'RSA', measure: measureRsa }],
  ['ssh-dss', { label: 'DSA', measure: (fields) => (fields.length === 4 ? bitLength(fields[0]) : null) }],
]);

/** OpenSSH rejects RSA keys outside this range (sshkey.h, SSH_RSA_MINIMUM_MODULUS_SIZE and SSHBUF_MAX_BIGNUM). */
const RSA_BITS = { least: 1024, most: 16_384 };

/**
 * Parses a public key. Returns `null` if OpenSSH would reject it, but does not check that points lie on their curve.
 */
export function readPublicKey(blob: Buffer): PublicKey | null {
  const [name, ...fields] = readFields(blob) ?? [];
  const type = name?.toString('latin1') ?? '';
  const format = FORMATS.get(type);
  const bits = format?.measure(fields) ?? null;
  return format === undefined || bits === null ? null : { type, label: format.label, bits };
}

/** Returns `SHA256:...` as ssh shows it: base64 without padding. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** Returns the strings of RFC 4251, section 5, that fill a buffer exactly; `null` if they do not. */
function readFields(blob: Buffer): Buffer[] | null {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) return null;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return null;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function measureEd25519(fields: readonly Buffer[], count: number): number | null {
  return fields.length === count && fields[0]?.length === 32 ? 256 : null;
}

function measureEcdsa(fields: readonly Buffer[], count: number, bits: number): number | null {
  const [curve, point] = fields;
  if (fields.length !== count || curve?.toString('latin1') !== `nistp${bits}`) return null;
  return point?.length === 1 + 2 * Math.ceil(bits / 8) && point[0] === 4 ? bits : null;
}

function measureRsa(fields: readonly Buffer[]): number | null {
  const bits = bitLength(fields[1]);
  return fields.length === 2 && bits >= RSA_BITS.least && bits <= RSA_BITS.most ? bits : null;
}

/** Returns the bits of an unsigned number, without leading zeros. */
function bitLength(number: Buffer = Buffer.alloc(0)): number {
  const start = number.findIndex((byte) => byte !== 0);
  const first = number[start];
  return first === undefined ? 0 : (number.length - start) * 8 - (Math.clz32(first) - 24);
}
