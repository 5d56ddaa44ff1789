import { createHmac } from 'node:crypto';

/** How long a code is good (RFC 6238), in ms. */
const PERIOD = 30_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The six digits of RFC 6238 for that moment (ms since 1970). */
export function computeCode(secret: Uint8Array, now: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / PERIOD)));
  const hash = createHmac('sha1', secret).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/**
 * The file that google-authenticator(1) would write. Neither RATE_LIMIT nor DISALLOW_REUSE: a test logs in as often as it
 * likes. The window holds ten minutes, so that a machine which was asleep between asking and answering does no harm.
 */
export function formatCodeFile(secret: Uint8Array): string {
  return [encodeBase32(secret), '" WINDOW_SIZE 20', '" TOTP_AUTH', ''].join('\n');
}

function encodeBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}
