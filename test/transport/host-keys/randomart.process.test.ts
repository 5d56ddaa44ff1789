import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, readPublicKey } from '../../../src/transport/host-keys/host-key-blob.ts';
import { drawRandomart } from '../../../src/transport/host-keys/randomart.ts';
import { field, readHostKey } from '../../support/host-keys.ts';
import { isInstalled } from '../../support/programs.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

function drawOf(blob: Buffer): string[] {
  return drawRandomart(blob, readPublicKey(blob)!);
}

describe('the picture of a key', () => {
  it('is the one that ssh-keygen draws', () => {
    const key = readHostKey('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKspU35I3T64WRQqeW+CR1iEyLwIwonFCZYFINv4e2B4');
    expect(drawOf(key.blob)).toMatchInlineSnapshot(`
      [
        "+--[ED25519 256]--+",
        "|       .++       |",
        "|       =+.E      |",
        "|      ..++       |",
        "|    .  .  o      |",
        "|   . .. So = .   |",
        "|  .   .o+.X.o .  |",
        "|   . o ..BoB .   |",
        "|    + . .B*o*    |",
        "|     . .o.OX+.   |",
        "+----[SHA256]-----+",
      ]
    `);
  });

  it('is of one size whatever the title', () => {
    const key = Buffer.concat(
      ['sk-ssh-ed25519@openssh.com', 'x'.repeat(32), 'ssh:'].map((text) => field(Buffer.from(text))),
    );
    const picture = drawOf(key);
    expect(picture[0]).toBe('+[ED25519-SK 256]-+');
    expect(picture).toHaveLength(11);
    expect(new Set(picture.map((line) => line.length))).toEqual(new Set([19]));
  });
});

describe.skipIf(!isInstalled('ssh-keygen'))('compared with ssh-keygen', () => {
  it.each([
    ['ed25519', '256', 8],
    ['ecdsa', '256', 3],
    ['ecdsa', '384', 3],
    ['ecdsa', '521', 3],
    ['rsa', '1024', 1],
    ['rsa', '2048', 2],
  ])('the picture and the fingerprint of %s keys of %s bits are the same', async (type, bits, count) => {
    const folder = await makeTempDir();
    for (let index = 0; index < count; index++) {
      const file = join(folder, `key${index}`);
      execFileSync('ssh-keygen', ['-q', '-t', type, '-b', bits, '-N', '', '-C', '', '-f', file]);
      const [summary, ...picture] = execFileSync('ssh-keygen', ['-lv', '-f', `${file}.pub`], { encoding: 'utf8' })
        .trimEnd()
        .split('\n');
      const { blob } = readHostKey(readFileSync(`${file}.pub`, 'utf8'));
      expect(drawOf(blob)).toEqual(picture);
      const { bits: measured, label } = readPublicKey(blob)!;
      expect(summary).toMatch(new RegExp(`^${measured} \\S+ .*\\(${label}\\)$`));
      expect(summary).toContain(` ${fingerprintOf(blob)} `);
    }
  });
});
