import type { KeyObject } from 'node:crypto';

/** Bytes per line of base64, as ssh-keygen breaks them. */
const BASE64_LINE_LENGTH = 70;
const TYPE = Buffer.from('ssh-ed25519');

/** Encodes a private Ed25519 key in OpenSSH's own format, unencrypted (PROTOCOL.key): the only format in which ssh2 reads such keys. */
export function encodeEd25519(key: KeyObject): string {
  const { x = '', d = '' } = key.export({ format: 'jwk' });
  const [publicPart, seed] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')];
  const blob = Buffer.concat([TYPE, publicPart].map(field));
  const none = field(Buffer.from('none'));
  // Two equal check numbers, of any value if nothing is encrypted; then the key, an empty comment and padding 1, 2, 3,
  // ...
  const fields = [
    Buffer.alloc(8),
    ...[TYPE, publicPart, Buffer.concat([seed, publicPart]), Buffer.alloc(0)].map(field),
  ];
  const secret = pad(Buffer.concat(fields));
  const header = Buffer.from('openssh-key-v1\0');
  const whole = Buffer.concat([header, none, none, field(Buffer.alloc(0)), number(1), field(blob), field(secret)]);
  const lines = whole.toString('base64').match(new RegExp(`.{1,${BASE64_LINE_LENGTH}}`, 'g')) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

function pad(text: Buffer): Buffer {
  const missing = (8 - (text.length % 8)) % 8;
  return Buffer.concat([text, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}

/** A string of RFC 4251, section 5. */
function field(content: Buffer): Buffer {
  return Buffer.concat([number(content.length), content]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
