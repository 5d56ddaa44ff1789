import type { HostKeyQuestion, SecretQuestion } from '../domain/question.ts';

/** The instruction shown when a question is asked again. */
export const NOT_ACCEPTED = 'That was not accepted.';

/** The user, who can be asked while a connection is made. */
export interface Interaction {
  /** Returns one answer per prompt, or `null` if the user declines. */
  answer(question: SecretQuestion, signal: AbortSignal): Promise<readonly string[] | null>;
  /** True if the user trusts this key from now on. */
  trust(question: HostKeyQuestion, signal: AbortSignal): Promise<boolean>;
  /** Shows what is going on, such as `connecting to hop1`. */
  progress(text: string): void;
}

/** Limits for making a connection. */
export interface ConnectLimits {
  readonly signal: AbortSignal;
  /**
   * Milliseconds for connecting, and again for key exchange and authentication. The user's time to think does not
   * count.
   */
  readonly timeout: number;
  /** `null` asks nothing. */
  readonly interaction: Interaction | null;
}
