import type { SshOptions } from '../../domain/host.ts';
import type { SshFeatures } from './openssh-features.ts';
import type { SshSecret } from './openssh-question.ts';

/** The owner of the secrets that are asked for. */
export interface MemoryScope {
  readonly alias: string;
  /** `null` if unknown. */
  readonly options: Pick<SshOptions, 'identityFiles'> | null;
  readonly features: Pick<SshFeatures, 'marksServerPrompts'>;
}

/**
 * Secrets that the user gave to ssh, for the life of this process. A passphrase serves every host that uses the key, a
 * password only its own host. Codes and PINs are not kept: they work once, or lock the device that they open.
 */
export class OpensshMemory {
  readonly #answers = new Map<string, string>();

  /** Returns the part of it that one host may use. */
  of(scope: MemoryScope): HostMemory {
    return new HostMemory(this.#answers, scope);
  }
}

/** The secrets remembered for one host. */
export class HostMemory {
  readonly #answers: Map<string, string>;
  readonly #scope: MemoryScope;

  constructor(answers: Map<string, string>, scope: MemoryScope) {
    this.#answers = answers;
    this.#scope = scope;
  }

  get isEmpty(): boolean {
    return ![...this.#answers.keys()].some((key) => this.#serves(key));
  }

  /** True if the secret may be given to any process that asks for this host, without a prompt. */
  allows(secret: SshSecret): boolean {
    return this.#serves(this.#keyOf(secret));
  }

  recall(secret: SshSecret): string | undefined {
    return this.allows(secret) ? this.#answers.get(this.#keyOf(secret)) : undefined;
  }

  keep(secret: SshSecret, answer: string): void {
    if (this.allows(secret)) this.#answers.set(this.#keyOf(secret), answer);
  }

  forget(secret: SshSecret): void {
    if (this.allows(secret)) this.#answers.delete(this.#keyOf(secret));
  }

  /**
   * False without options: a hop of an unknown configuration may ask as well. False if a server's prompts cannot be
   * told from ssh's own.
   */
  #serves(key: string): boolean {
    const { alias, options, features } = this.#scope;
    if (options === null || !features.marksServerPrompts) return false;
    return key.startsWith(passwordKey(alias, '')) || options.identityFiles.some((path) => key === passphraseKey(path));
  }

  #keyOf({ kind, of }: SshSecret): string {
    return kind === 'passphrase' ? passphraseKey(of) : passwordKey(this.#scope.alias, of);
  }
}

function passphraseKey(path: string): string {
  return `passphrase\0${path}`;
}

function passwordKey(alias: string, account: string): string {
  return `password\0${alias}\0${account}`;
}
