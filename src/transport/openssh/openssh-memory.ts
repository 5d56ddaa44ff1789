import type { SshOptions } from '../../domain/host.ts';
import type { SshFeatures } from './openssh-features.ts';
import type { SshSecret } from './openssh-question.ts';

/** Whose secrets are asked for. */
export interface MemoryScope {
  readonly alias: string;
  /** `null` where they are not known. */
  readonly options: Pick<SshOptions, 'identityFiles'> | null;
  readonly features: Pick<SshFeatures, 'marksServerPrompts'>;
}

/**
 * What a person told ssh, for as long as this process lives: a passphrase serves every host that has the key, a password only its own. Codes and PINs
 * are not kept: they are good for one time, or lock what they open.
 */
export class OpensshMemory {
  readonly #answers = new Map<string, string>();

  /** The part of it that one host may have. */
  of(scope: MemoryScope): HostMemory {
    return new HostMemory(this.#answers, scope);
  }
}

/** What is remembered for one host, and what may be. */
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

  /** May it be given to whoever asks on behalf of this host, without a person? */
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

  /** Nothing without options: a hop of a configuration that is not known may ask as well. Nothing where a server's words pass for ssh's. */
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
