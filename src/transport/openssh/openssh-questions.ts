import type { Deadline } from '../deadline.ts';
import type { ConnectLimits, Interaction } from '../interaction.ts';
import { TransportError } from '../transport.ts';
import { type AskpassRequest, askpassQuestion } from './openssh-question.ts';

/** Puts what ssh asks to a person. The time that takes is not counted. */
export class OpensshQuestions {
  readonly #host: string;
  readonly #interaction: Interaction;
  readonly #deadline: Deadline;
  readonly #onRefusal: (error: TransportError) => void;

  /** `onRefusal`: the person would not answer, and ssh, which takes that for an empty password, is not to go on. */
  constructor(
    host: string,
    interaction: NonNullable<ConnectLimits['interaction']>,
    deadline: Deadline,
    onRefusal: (error: TransportError) => void,
  ) {
    this.#host = host;
    this.#interaction = interaction;
    this.#deadline = deadline;
    this.#onRefusal = onRefusal;
  }

  /** The text for ssh; `null` for no. The signal aborts when ssh asks no more. */
  async answer(request: AskpassRequest, signal: AbortSignal): Promise<string | null> {
    const { hint, prompt } = request;
    if (hint === 'none') {
      this.#interaction.progress(prompt);
      await this.#deadline.exempt(() => untilAborted(signal));
      return null;
    }
    const question = askpassQuestion(this.#host, request);
    const answers = await this.#deadline.exempt(() => this.#interaction.answer(question, signal));
    const text = answers?.[0];
    if (hint === 'confirm') return text !== undefined && /^y(?:es)?$/i.test(text.trim()) ? 'yes' : null;
    if (text !== undefined) return text;
    if (!signal.aborted) {
      this.#onRefusal(new TransportError('auth', `not answered: ${question.title.toLowerCase()}`));
    }
    return null;
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
