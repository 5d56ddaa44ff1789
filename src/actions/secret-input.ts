import type { Prompt } from '../domain/question.ts';
import { graphemesOf } from '../domain/text-width.ts';
import type { ShownAnswer } from '../store/auth-dialog.ts';

/** Characters of one answer: more is a paste gone wrong. */
const MAX_ANSWER_CHARS = 8192;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

/** The user's answers to prompts, one after the other. Only `next` returns hidden text, to the code that asked. */
export class SecretInput {
  readonly #prompts: readonly Prompt[];
  /** The last one is being typed. */
  #answers: string[] = [''];

  constructor(prompts: readonly Prompt[]) {
    this.#prompts = prompts;
  }

  /** Takes text in, whole, as when it is pasted: without line breaks and other control characters. */
  type(text: string): void {
    this.#change((answer) => (answer + text.replace(CONTROLS, '')).slice(0, MAX_ANSWER_CHARS));
  }

  /** Erases one grapheme. */
  eraseCharacter(): void {
    this.#change((answer) => graphemesOf(answer).slice(0, -1).join(''));
  }

  eraseAll(): void {
    this.#change(() => '');
  }

  /** Moves to the next prompt and returns `null`; after the last one returns all answers and forgets them. */
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

  /** Returns the visible part. */
  shown(): ShownAnswer[] {
    return this.#answers.map((text, at) =>
      this.#prompts[at]?.echo === true ? { kind: 'seen', text } : { kind: 'hidden', length: graphemesOf(text).length },
    );
  }

  #change(change: (answer: string) => string): void {
    this.#answers.push(change(this.#answers.pop() ?? ''));
  }
}
