import type { Prompt } from '../domain/question.ts';
import { graphemesOf } from '../domain/text-width.ts';
import type { ShownAnswer } from '../store/auth-dialog.ts';

/** Characters of one answer at most: nobody types more, and a paste gone wrong ends somewhere. */
const LONGEST_ANSWER = 8192;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

/** What a person types in answer to prompts, one after the other. Only `next` gives hidden text away, to who asked for it. */
export class SecretInput {
  readonly #prompts: readonly Prompt[];
  /** The last one is being typed. */
  #answers: string[] = [''];

  constructor(prompts: readonly Prompt[]) {
    this.#prompts = prompts;
  }

  /** Takes text in, whole, as when it is pasted: without line breaks and other control characters. */
  type(text: string): void {
    this.#change((answer) => (answer + text.replace(CONTROLS, '')).slice(0, LONGEST_ANSWER));
  }

  /** Erases what a reader takes for one character. */
  eraseCharacter(): void {
    this.#change((answer) => graphemesOf(answer).slice(0, -1).join(''));
  }

  eraseAll(): void {
    this.#change(() => '');
  }

  /** Goes on to the next prompt and gives `null`; after the last one it gives all answers, and forgets them. */
  next(): readonly string[] | null {
    if (this.#answers.length < this.#prompts.length) {
      this.#answers.push('');
      return null;
    }
    const answers = this.#answers;
    this.forget();
    return answers;
  }

  forget(): void {
    this.#answers = [''];
  }

  /** What of it may be seen. */
  shown(): ShownAnswer[] {
    return this.#answers.map((text, at) =>
      this.#prompts[at]?.echo === true ? { kind: 'seen', text } : { kind: 'hidden', length: graphemesOf(text).length },
    );
  }

  #change(change: (answer: string) => string): void {
    this.#answers.push(change(this.#answers.pop() ?? ''));
  }
}
