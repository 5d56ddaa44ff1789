import ssh2 from 'ssh2';

/**
 * Generates an Ed25519 key pair, and reads it back: about one in 256 keys that ssh2 1.17 writes is malformed, since it drops a zero at the start of the secret.
 */
export function generateKey(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
