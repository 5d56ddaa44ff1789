import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readPrivateKey } from '../../../src/transport/authentication/private-key.ts';

const pkcs8 = { format: 'pem', type: 'pkcs8' } as const;
const locked = { ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'right' } as const;
const spki = { format: 'pem', type: 'spki' } as const;
const read = (text: string, passphrase?: string) => readPrivateKey(Buffer.from(text), passphrase);

const ed25519 = (encoding: typeof pkcs8 | typeof locked) =>
  generateKeyPairSync('ed25519', { privateKeyEncoding: encoding, publicKeyEncoding: spki });
const ec = (namedCurve: string, encoding: typeof pkcs8 | typeof locked = pkcs8) =>
  generateKeyPairSync('ec', { namedCurve, privateKeyEncoding: encoding, publicKeyEncoding: spki });

describe('a PKCS#8 key', () => {
  it.each([
    ['ssh-ed25519', ed25519(pkcs8).privateKey],
    ['ecdsa-sha2-nistp256', ec('P-256').privateKey],
    ['ecdsa-sha2-nistp384', ec('P-384').privateKey],
    ['ecdsa-sha2-nistp521', ec('P-521').privateKey],
  ])('of the type %s signs for the public key that it shows', (type, text) => {
    const reading = read(text);
    expect(reading).toMatchObject({ kind: 'key', key: { type } });
    if (reading.kind !== 'key') return;
    const data = Buffer.from('data');
    expect(reading.key.verify(data, reading.key.sign(data))).toBe(true);
  });

  it('that is encrypted opens with its passphrase alone', () => {
    for (const text of [ed25519(locked).privateKey, ec('P-256', locked).privateKey]) {
      expect(read(text)).toEqual({ kind: 'locked', publicKey: null });
      expect(read(text, 'wrong').kind).toBe('locked');
      expect(read(text, 'right').kind).toBe('key');
    }
  });

  it.each([
    ['a curve', ec('secp256k1').privateKey],
    ['a type', generateKeyPairSync('x25519', { privateKeyEncoding: pkcs8, publicKeyEncoding: spki }).privateKey],
  ])('of %s that ssh does not have is not used', (_, text) => {
    expect(read(text)).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('ssh has no keys') });
  });
});

it.each([
  ['a public key', 'ssh-ed25519 AAAA', 'not a private key'],
  ['a damaged one', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', 'damaged'],
  ['one of PuTTY', 'PuTTY-User-Key-File-2: ssh-ed25519\nEncryption: none\n', 'PuTTY'],
  [
    'a damaged one of OpenSSH',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
    'damaged',
  ],
])('%s is no private key', (_, text, reason) => {
  expect(read(text)).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining(reason) });
});
