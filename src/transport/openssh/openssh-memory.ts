/**
 * What a person told ssh, for as long as this process lives: a passphrase serves every host, a password only its own. Codes and PINs are not kept: they
 * are good for one time, or lock what they open.
 */
export class OpensshMemory {
  readonly #answers = new Map<string, string>();

  get isEmpty(): boolean {
    return this.#answers.size === 0;
  }

  /** `title` is that of the question, as openssh-question.ts words it. */
  recall(alias: string, title: string): string | undefined {
    const key = keyOf(alias, title);
    return key === null ? undefined : this.#answers.get(key);
  }

  keep(alias: string, title: string, answer: string): void {
    const key = keyOf(alias, title);
    if (key !== null) this.#answers.set(key, answer);
  }

  forget(alias: string, title: string): void {
    const key = keyOf(alias, title);
    if (key !== null) this.#answers.delete(key);
  }
}

function keyOf(alias: string, title: string): string | null {
  if (title.startsWith('Passphrase of ')) return title;
  return title.startsWith('Password of ') ? `${alias}\0${title}` : null;
}
