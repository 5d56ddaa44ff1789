import type { Deadline } from '../deadline.ts';
import { type Interaction, NOT_ACCEPTED } from '../interaction.ts';
import { TransportError } from '../transport.ts';
import type { HostMemory } from './openssh-memory.ts';
import { type AskpassRequest, askpassQuestion, parseSecret, type SshSecret } from './openssh-question.ts';

/**
 * Number of processes whose questions are remembered. Each connection has its own process, and few of one host ask at a
 * time.
 */
const MAX_ASKERS = 64;

export interface QuestionsParts {
  readonly alias: string;
  /** If `null`, only remembered secrets are given. */
  readonly interaction: Interaction | null;
  readonly memory: HostMemory;
  /** Paused while the user answers. */
  readonly deadline: Deadline;
  /** Called when there is no answer: ssh, which takes that for an empty password, must not go on. */
  readonly onRefusal: (error: TransportError) => void;
}

interface Given {
  readonly secret: SshSecret;
  readonly text: string;
  /** True if it came from memory rather than the user. */
  readonly replayed: boolean;
}

/** The questions of one ssh process. */
interface Asker {
  /** Since it last started over. */
  prompts: readonly string[];
  /** The secrets that it was given, as it asked for them. */
  readonly secrets: Set<string>;
}

/** Answers the questions of one host's ssh processes, from memory or by asking the user. */
export class OpensshQuestions {
  readonly #parts: QuestionsParts;
  /** The secrets given so far, by prompt. */
  readonly #given = new Map<string, Given>();
  readonly #askers = new Map<number, Asker>();

  constructor(parts: QuestionsParts) {
    this.#parts = parts;
  }

  /** Returns the text for ssh; `null` for no. The signal aborts when ssh no longer waits. */
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

  /** Called when ssh has authenticated: its answers may be reused. */
  succeeded(): void {
    for (const { secret, text } of this.#given.values()) this.#parts.memory.keep(secret, text);
  }

  /** Called when ssh has failed to authenticate, for any reason: a remembered secret may be the cause. */
  failed(): void {
    for (const { secret, replayed } of this.#given.values()) if (replayed) this.#parts.memory.forget(secret);
  }

  /** A secret that the same process asks for again was wrong; another process may get the same as the first. */
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
    // Moves it to the end: the most recent one is the last in the map.
    this.#askers.delete(number);
    this.#askers.set(number, asker);
    const [oldest] = this.#askers.keys();
    if (this.#askers.size > MAX_ASKERS && oldest !== undefined) this.#askers.delete(oldest);
    return asker;
  }

  #refuse(title: string): void {
    this.#parts.onRefusal(new TransportError('auth', `not answered: ${title.toLowerCase()}`));
  }
}

/** ssh reports why it asks again only in its log. */
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
