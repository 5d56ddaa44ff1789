import type { HostKeyQuestion, SecretQuestion } from '../../../src/domain/question.ts';
import type { Interaction } from '../../../src/transport/interaction.ts';

/** The user's answer to a matching prompt: each is used once, in turn; `null` is a refusal. */
export type Answer = readonly [prompt: RegExp, ...inTurn: readonly (string | (() => string) | null)[]];

/** A user with answers prepared; what none is left for is refused. */
export class FakeUser implements Interaction {
  /** `host: title: prompt` of each prompt, in order. */
  readonly asked: string[] = [];
  /** Host keys that were shown, by either kind. */
  readonly shown: string[] = [];
  readonly told: string[] = [];
  readonly #answers: { readonly prompt: RegExp; readonly inTurn: (string | (() => string) | null)[] }[];
  readonly #trusts: boolean;

  constructor(answers: readonly Answer[] = [], { trusts = false } = {}) {
    this.#answers = answers.map(([prompt, ...inTurn]) => ({ prompt, inTurn: [...inTurn] }));
    this.#trusts = trusts;
  }

  async answer({ host, title, prompts }: SecretQuestion): Promise<readonly string[] | null> {
    // The system's ssh asks for trust as for anything else.
    if (title === 'Unknown host key') {
      this.shown.push(prompts[0]?.text ?? '');
      return [this.#trusts ? 'yes' : 'no'];
    }
    const given: string[] = [];
    for (const { text } of prompts) {
      this.asked.push(`${host}: ${title}: ${text}`);
      const answer = this.#answers.find(({ prompt }) => prompt.test(text))?.inTurn.shift() ?? null;
      if (answer === null) return null;
      given.push(typeof answer === 'string' ? answer : answer());
    }
    return given;
  }

  async trust(question: HostKeyQuestion): Promise<boolean> {
    this.shown.push(question.fingerprint);
    return this.#trusts;
  }

  progress(text: string): void {
    this.told.push(text);
  }
}
