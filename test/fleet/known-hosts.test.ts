import { expect, test } from 'vitest';
import { formatHashedKnownHost, formatKnownHost } from './known-hosts.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILGrfAx2Mr2fxD+UvlHEfwNOfnLhI9+7bbsJ2PHz3oqA';
const host = { address: '127.0.1.10', port: 2222, publicKey: `${key} a comment\n` };

test('a plain entry names address and port, without the comment of the key', () => {
  expect(formatKnownHost(host)).toBe(`[127.0.1.10]:2222 ${key}`);
  expect(formatKnownHost({ ...host, port: 22 })).toBe(`127.0.1.10 ${key}`);
});

test('a hashed entry is what ssh-keygen -H makes of the plain one', () => {
  const line =
    '|1|RVkldFt8E7tOrPbW+8+PWM9Uw68=|NvqRqJ03GbcBKIPFQOT0BsiMdn4= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILGrfAx2Mr2fxD+UvlHEfwNOfnLhI9+7bbsJ2PHz3oqA';
  const salt = Buffer.from(line.split('|')[2] ?? '', 'base64');
  expect(formatHashedKnownHost(host, salt)).toBe(line);
});
