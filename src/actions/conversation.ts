import type { Host } from '../domain/host.ts';
import type { Question } from '../domain/question.ts';
import type { AuthDialogState, ShownQuestion } from '../store/auth-dialog.ts';
import type { SecretInput } from './secret-input.ts';

/** How the user leaves an attempt to reach a host, or its failure. */
export type Leaving = 'again' | 'terminal' | 'close';

/** A host by its names. */
export type Named = Pick<Host, 'alias' | 'label'>;

/** The state of an attempt with one host. */
export interface Conversation extends Named {
  readonly commands: readonly string[];
  readonly progress: string[];
  failure: AuthDialogState['failure'];
  /** `null` if a question opened the dialog, not the user. */
  readonly leave: ((leaving: Leaving) => void) | null;
}

/** A question that waits for its answer. */
export interface Pending {
  readonly conversation: Conversation;
  readonly question: Question;
  readonly input: SecretInput;
  /** Ends the question: with the answers, none of them for a trusted key, or `null` for a refusal. */
  readonly settle: (answers: readonly string[] | null) => void;
}

/** Describes a conversation and its question for the screen; `asked` is the number of waiting ones. */
export function describeDialog(
  conversation: Conversation,
  pending: Pending | undefined,
  asked: number,
): AuthDialogState {
  const { alias, label, commands, progress, failure } = conversation;
  const question = pending === undefined ? null : shownQuestion(pending);
  return { alias, label, commands, progress: [...progress], failure, question, waiting: Math.max(0, asked - 1) };
}

function shownQuestion({ question, input }: Pending): ShownQuestion {
  return question.kind === 'secret'
    ? { kind: 'secret', question, answers: input.shown() }
    : { kind: 'host-key', question };
}
