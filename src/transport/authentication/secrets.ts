import type { ParsedKey } from 'ssh2';

/**
 * What a person typed, for as long as this process lives: nothing of it is written anywhere. Decrypted keys serve every host; a password only the account
 * that it was typed for, so that a lost connection comes back without asking.
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

  /** `account` is `user@host:port`. */
  password(account: string): string | undefined {
    return this.#passwords.get(account);
  }

  keepPassword(account: string, password: string): void {
    this.#passwords.set(account, password);
  }

  /** A password that was refused once is never sent again by itself. */
  forgetPassword(account: string): void {
    this.#passwords.delete(account);
  }
}

function keyOf(path: string, content: Buffer): string {
  return `${path}\0${content.toString('latin1')}`;
}
