import type { Deadline } from '../deadline.ts';
import { type Interaction, NOT_ACCEPTED } from '../interaction.ts';
import { TransportError } from '../transport.ts';
import type { HostMemory } from './openssh-memory.ts';
import { type AskpassRequest, askpassQuestion, parseSecret, type SshSecret } from './openssh-question.ts';

/** Processes whose questions are remembered: of one connection each has its own, of one host seldom more than a few ask at a time. */
const ASKERS = 64;

export interface QuestionsParts {
  readonly alias: string;
  /** Who can be asked; without anybody only what is remembered is answered. */
  readonly interaction: Interaction | null;
  readonly memory: HostMemory;
  /** The time that a person takes is not counted. */
  readonly deadline: Deadline;
  /** Told when there is no answer: ssh, which takes that for an empty password, is not to go on. */
  readonly onRefusal: (error: TransportError) => void;
}

interface Given {
  readonly secret: SshSecret;
  readonly text: string;
  /** From memory, and not by the person. */
  readonly replayed: boolean;
}

/** What one ssh process has asked. */
interface Asker {
  /** Since the last time that it began anew. */
  prompts: readonly string[];
  /** The secrets that it was given, as it asked for them. */
  readonly secrets: Set<string>;
}

/** Answers what the ssh processes of one host ask, from memory or by a person. */
export class OpensshQuestions {
  readonly #parts: QuestionsParts;
  /** The secrets that were given, by the prompt. */
  readonly #given = new Map<string, Given>();
  readonly #askers = new Map<number, Asker>();

  constructor(parts: QuestionsParts) {
    this.#parts = parts;
  }

  /** The text for ssh; `null` for no. The signal aborts when ssh asks no more. */
  async answer(request: AskpassRequest, signal: AbortSignal): Promise<string | null> {
    const { hint, prompt } = request;
    const { alias, interaction, deadline, memory } = this.#parts;
    if (hint === 'none') {
      interaction?.progress(prompt);
      await deadline.exempt(() => untilAborted(signal));
      return null;
    }
    const asker = this.#askerOf(request.asker);
    const instruction = isAgain(asker, prompt) ? NOT_ACCEPTED : '';
    const question = { ...askpassQuestion(alias, request), instruction };
    const found = hint === null ? parseSecret(prompt) : null;
    const secret = found !== null && memory.allows(found) ? found : null;
    const known = secret === null ? undefined : this.#recall(asker, prompt, secret);
    if (known !== undefined) return known;
    const answers = interaction === null ? null : await deadline.exempt(() => interaction.answer(question, signal));
    const text = answers?.[0];
    if (hint === 'confirm') return text !== undefined && /^y(?:es)?$/i.test(text.trim()) ? 'yes' : null;
    if (text === undefined) {
      if (!signal.aborted) this.#refuse(question.title);
      return null;
    }
    if (secret !== null) this.#give(asker, prompt, { secret, text, replayed: false });
    return text;
  }

  /** Told when ssh has got in: its answers may be given again. */
  succeeded(): void {
    for (const { secret, text } of this.#given.values()) this.#parts.memory.keep(secret, text);
  }

  /** Told when ssh has not got in, for whatever reason: what was given unasked may be why. */
  failed(): void {
    for (const { secret, replayed } of this.#given.values()) if (replayed) this.#parts.memory.forget(secret);
  }

  /** What the same process asks for a second time was not accepted; another may be given what the first one was. */
  #recall(asker: Asker, prompt: string, secret: SshSecret): string | undefined {
    const { memory } = this.#parts;
    if (asker.secrets.has(prompt)) {
      this.#given.delete(prompt);
      memory.forget(secret);
      return undefined;
    }
    const before = this.#given.get(prompt);
    const text = before?.text ?? memory.recall(secret);
    if (text !== undefined) this.#give(asker, prompt, before ?? { secret, text, replayed: true });
    return text;
  }

  #give(asker: Asker, prompt: string, given: Given): void {
    asker.secrets.add(prompt);
    this.#given.set(prompt, given);
  }

  #askerOf(number: number): Asker {
    const asker = this.#askers.get(number) ?? { prompts: [], secrets: new Set() };
    // The last one that asked is the last in the map.
    this.#askers.delete(number);
    this.#askers.set(number, asker);
    const [oldest] = this.#askers.keys();
    if (this.#askers.size > ASKERS && oldest !== undefined) this.#askers.delete(oldest);
    return asker;
  }

  #refuse(title: string): void {
    this.#parts.onRefusal(new TransportError('auth', `not answered: ${title.toLowerCase()}`));
  }
}

/** ssh says why it asks again, but only to its log. */
function isAgain(asker: Asker, prompt: string): boolean {
  const again = asker.prompts.includes(prompt);
  asker.prompts = again ? [prompt] : [...asker.prompts, prompt];
  return again;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
