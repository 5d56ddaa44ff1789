import type { Deadline } from '../deadline.ts';
import { type Interaction, NOT_ACCEPTED } from '../interaction.ts';
import { TransportError } from '../transport.ts';
import type { OpensshMemory } from './openssh-memory.ts';
import { type AskpassRequest, askpassQuestion } from './openssh-question.ts';

export interface QuestionsParts {
  readonly alias: string;
  /** Who can be asked; without anybody only what is remembered is answered. */
  readonly interaction: Interaction | null;
  readonly memory: OpensshMemory;
  /** The time that a person takes is not counted. */
  readonly deadline: Deadline;
  /** Told when there is no answer: ssh, which takes that for an empty password, is not to go on. */
  readonly onRefusal: (error: TransportError) => void;
}

/** Answers what ssh asks, from memory or by a person. */
export class OpensshQuestions {
  readonly #parts: QuestionsParts;
  /** What was answered in this attempt, by the title of the question. */
  readonly #given = new Map<string, string>();
  /** Since the last time that ssh began anew. */
  #prompts: string[] = [];

  constructor(parts: QuestionsParts) {
    this.#parts = parts;
  }

  /** The text for ssh; `null` for no. The signal aborts when ssh asks no more. */
  async answer(request: AskpassRequest, signal: AbortSignal): Promise<string | null> {
    const { hint, prompt } = request;
    const { alias, interaction, deadline } = this.#parts;
    if (hint === 'none') {
      interaction?.progress(prompt);
      await deadline.exempt(() => untilAborted(signal));
      return null;
    }
    const instruction = this.#isAgain(prompt) ? NOT_ACCEPTED : '';
    const question = { ...askpassQuestion(alias, request), instruction };
    const known = hint === null ? this.#recall(question.title) : undefined;
    if (known !== undefined) return known;
    const answers = interaction === null ? null : await deadline.exempt(() => interaction.answer(question, signal));
    const text = answers?.[0];
    if (hint === 'confirm') return text !== undefined && /^y(?:es)?$/i.test(text.trim()) ? 'yes' : null;
    if (text === undefined) {
      if (!signal.aborted) this.#refuse(question.title);
      return null;
    }
    this.#given.set(question.title, text);
    return text;
  }

  /** Told when ssh has got in: its answers may be given again. */
  succeeded(): void {
    for (const [title, text] of this.#given) this.#parts.memory.keep(this.#parts.alias, title, text);
  }

  /** ssh says why it asks again, but only to its log. */
  #isAgain(prompt: string): boolean {
    const again = this.#prompts.includes(prompt);
    this.#prompts = again ? [prompt] : [...this.#prompts, prompt];
    return again;
  }

  /** What is asked for a second time was not accepted. */
  #recall(title: string): string | undefined {
    const { alias, memory } = this.#parts;
    const known = memory.recall(alias, title);
    if (known === undefined) return undefined;
    if (this.#given.has(title)) {
      memory.forget(alias, title);
      return undefined;
    }
    this.#given.set(title, known);
    return known;
  }

  #refuse(title: string): void {
    this.#parts.onRefusal(new TransportError('auth', `not answered: ${title.toLowerCase()}`));
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
