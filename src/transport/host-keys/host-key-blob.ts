import { createHash } from 'node:crypto';

/** What a public key's blob (RFC 4253, section 6.6) says of itself. */
export interface PublicKey {
  /** As in known_hosts, such as `ssh-ed25519`. */
  readonly type: string;
  /** As people call it, such as `ED25519`. */
  readonly label: string;
  readonly bits: number;
}

interface Format {
  readonly label: string;
  /** Gives the number of bits, or `null` when the fields after the type are not those of such a key. */
  measure(fields: readonly Buffer[]): number | null;
}

/** The keys that OpenSSH reads, by their types; certificates are not among them. */
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

/** OpenSSH takes no RSA key outside of these (sshkey.h, SSH_RSA_MINIMUM_MODULUS_SIZE and SSHBUF_MAX_BIGNUM). */
const RSA_BITS = { least: 1024, most: 16_384 };

/** Reads a public key. Gives `null` for what OpenSSH would not take as one; points are not checked to be on their curve. */
export function readPublicKey(blob: Buffer): PublicKey | null {
  const [name, ...fields] = readFields(blob) ?? [];
  const type = name?.toString('latin1') ?? '';
  const format = FORMATS.get(type);
  const bits = format?.measure(fields) ?? null;
  return format === undefined || bits === null ? null : { type, label: format.label, bits };
}

/** `SHA256:...`, as ssh shows it: base64 without padding. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The strings of RFC 4251, section 5, that fill a buffer to its end; `null` when they do not. */
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

/** Bits of a number that is written without a sign, but for leading zeros. */
function bitLength(number: Buffer = Buffer.alloc(0)): number {
  const start = number.findIndex((byte) => byte !== 0);
  const first = number[start];
  return first === undefined ? 0 : (number.length - start) * 8 - (Math.clz32(first) - 24);
}
