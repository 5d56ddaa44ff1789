import type { HostKeyQuestion, SecretQuestion } from '../domain/question.ts';

/** The instruction with a question that is asked again. */
export const NOT_ACCEPTED = 'That was not accepted.';

/** A person who can be asked while a connection is made. */
export interface Interaction {
  /** Gives one answer a prompt, or `null` when the person would not. */
  answer(question: SecretQuestion, signal: AbortSignal): Promise<readonly string[] | null>;
  /** Is this key to be trusted from now on? */
  trust(question: HostKeyQuestion, signal: AbortSignal): Promise<boolean>;
  /** Tells what is going on, such as `connecting to hop1`. */
  progress(text: string): void;
}

/** What bounds the making of a connection. */
export interface ConnectLimits {
  readonly signal: AbortSignal;
  /** Milliseconds for connecting, and again for key exchange and authentication; the time in which a person thinks is not counted. */
  readonly timeout: number;
  /** Who can be asked; `null` asks nothing. */
  readonly interaction: Interaction | null;
}
