import type { HostKeyQuestion, SecretQuestion } from '../domain/question.ts';

/** The visible part of an answer: of a hidden one, only its length in characters. */
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

/** The authentication dialog of a host. Holds no secrets: the asking code keeps them. */
export interface AuthDialogState {
  readonly alias: string;
  readonly label: string;
  /** Progress messages, oldest first. */
  readonly progress: readonly string[];
  /** `null` while the host is being connected, and once that failed. */
  readonly question: ShownQuestion | null;
  /** Number of questions behind this one. */
  readonly waiting: number;
  /** Equivalent commands for a terminal; empty if there are none. */
  readonly commands: readonly string[];
  /** Why it failed, and what to do about it. */
  readonly failure: { readonly reason: string; readonly lines: readonly string[] } | null;
}
