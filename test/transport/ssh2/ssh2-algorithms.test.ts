import { describe, expect, it } from 'vitest';
import { chooseAlgorithms, NothingInCommon } from '../../../src/transport/ssh2/ssh2-algorithms.ts';
import { sshOptions } from '../../support/builders.ts';

const lists = {
  ciphers: ['chacha20-poly1305@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr', 'aes128-gcm@openssh.com'],
  macs: ['umac-64-etm@openssh.com', 'hmac-sha2-512', 'hmac-sha2-256-etm@openssh.com'],
  kex: ['sntrup761x25519-sha512@openssh.com', 'curve25519-sha256', 'ecdh-sha2-nistp256'],
  hostKeys: ['ssh-ed25519'],
  publicKeys: ['ssh-ed25519'],
};
const choose = (changes: Partial<typeof lists>) =>
  chooseAlgorithms(sshOptions({ algorithms: { ...lists, ...changes } }));

describe('the algorithms to offer', () => {
  it('are those of the configuration that ssh2 has, in its order', () => {
    expect(choose({})).toMatchObject({
      hmac: ['hmac-sha2-512', 'hmac-sha2-256-etm@openssh.com'],
      kex: ['curve25519-sha256', 'ecdh-sha2-nistp256'],
      compress: ['none', 'zlib@openssh.com'],
    });
    expect(choose({ ciphers: ['aes256-ctr', 'aes128-gcm@openssh.com'] }).cipher).toEqual([
      'aes256-ctr',
      'aes128-gcm@openssh.com',
    ]);
  });

  it('begin with the fastest cipher where no one chose one', () => {
    expect(choose({}).cipher[0]).toBe('aes128-gcm@openssh.com');
    expect([...choose({}).cipher].sort()).toEqual([...lists.ciphers].sort());
  });

  it('never hold one that the configuration leaves out', () => {
    for (const [ours, allowed] of [
      [choose({}).cipher, lists.ciphers],
      [choose({}).hmac, lists.macs],
      [choose({}).kex, lists.kex],
    ] as const) {
      expect(ours.filter((name: string) => !allowed.includes(name))).toEqual([]);
    }
  });

  it('say what there is nothing of', () => {
    expect(() => choose({ ciphers: ['aegis256'] })).toThrow(new NothingInCommon('Ciphers aegis256'));
    expect(() => choose({ macs: ['umac-64@openssh.com'] })).toThrow('MACs umac-64@openssh.com');
    expect(() => choose({ kex: ['mlkem768x25519-sha256'] })).toThrow('KexAlgorithms mlkem768x25519-sha256');
  });

  it('compress first when asked to', () => {
    const options = sshOptions({ algorithms: lists, compression: true });
    expect(chooseAlgorithms(options).compress).toEqual(['zlib@openssh.com', 'none']);
  });
});
