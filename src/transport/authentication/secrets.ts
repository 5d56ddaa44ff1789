import type { ParsedKey } from 'ssh2';

/**
 * Secrets that the user typed. They live in memory only, until this process ends. Decrypted keys serve every host. A
 * password serves only the account, route and host key that it was typed for, so that a lost connection comes back
 * without a prompt.
 */
export class Secrets {
  readonly #keys = new Map<string, ParsedKey>();
  readonly #passwords = new Map<string, string>();

  /** Returns the decrypted key of an identity file with that content. */
  key(path: string, content: Buffer): ParsedKey | undefined {
    return this.#keys.get(keyOf(path, content));
  }

  keepKey(path: string, content: Buffer, key: ParsedKey): void {
    this.#keys.set(keyOf(path, content), key);
  }

  /** `key` names the account, the route and the host's key. */
  password(key: string): string | undefined {
    return this.#passwords.get(key);
  }

  keepPassword(key: string, password: string): void {
    this.#passwords.set(key, password);
  }

  /** A password that failed is not sent again without a prompt. */
  forgetPassword(key: string): void {
    this.#passwords.delete(key);
  }
}

function keyOf(path: string, content: Buffer): string {
  return `${path}\0${content.toString('latin1')}`;
}
