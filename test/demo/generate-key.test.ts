import ssh2 from 'ssh2';
import { expect, it } from 'vitest';
import { generateKey } from '../../src/demo/generate-key.ts';

it('every generated key can be read', () => {
  for (let count = 0; count < 1500; count += 1) {
    expect(ssh2.utils.parseKey(generateKey().private)).not.toBeInstanceOf(Error);
  }
});
