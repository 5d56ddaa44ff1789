import type { ParsedKey } from 'ssh2';

/**
 * What a person typed, for as long as this process lives: nothing of it is written anywhere. Decrypted keys serve every host; a password only the
 * account, way and host key that it was typed for, so that a lost connection comes back without asking.
 */
export class Secrets {
  readonly #keys = new Map<string, ParsedKey>();
  readonly #passwords = new Map<string, string>();

  /** The decrypted key of an identity file with that content. */
  key(path: string, content: Buffer): ParsedKey | undefined {
    return this.#keys.get(keyOf(path, content));
  }

  keepKey(path: string, content: Buffer, key: ParsedKey): void {
    this.#keys.set(keyOf(path, content), key);
  }

  /** `key` tells the account, the way to it and the host's key. */
  password(key: string): string | undefined {
    return this.#passwords.get(key);
  }

  keepPassword(key: string, password: string): void {
    this.#passwords.set(key, password);
  }

  /** A password that was sent in vain is not sent again by itself. */
  forgetPassword(key: string): void {
    this.#passwords.delete(key);
  }
}

function keyOf(path: string, content: Buffer): string {
  return `${path}\0${content.toString('latin1')}`;
}
