import type { HostKeyQuestion, SecretQuestion } from '../domain/question.ts';

/** What may be seen of an answer: of a hidden one nothing but its length in characters. */
export type ShownAnswer =
  | { readonly kind: 'hidden'; readonly length: number }
  | { readonly kind: 'seen'; readonly text: string };

export type ShownQuestion =
  | {
      readonly kind: 'secret';
      readonly question: SecretQuestion;
      /** One for each prompt up to the one that is being answered. */
      readonly answers: readonly ShownAnswer[];
    }
  | { readonly kind: 'host-key'; readonly question: HostKeyQuestion };

/** The dialog in which a host is authenticated. Secrets are not in here: whoever asks keeps them. */
export interface AuthDialogState {
  readonly alias: string;
  readonly label: string;
  /** What has been going on, in order. */
  readonly progress: readonly string[];
  /** `null` while the host is being connected, and once that failed. */
  readonly question: ShownQuestion | null;
  /** How many more questions wait for this one. */
  readonly waiting: number;
  /** What does the same in a terminal; empty for nothing. */
  readonly commands: readonly string[];
  /** Why it failed, and what can be done about it. */
  readonly failure: { readonly reason: string; readonly lines: readonly string[] } | null;
}
