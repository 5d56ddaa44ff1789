import { useLayoutEffect } from 'react';
import type { Question } from '../../domain/question.ts';
import type { AuthDialogState } from '../../store/auth-dialog.ts';
import { Lines } from '../paint/lines.tsx';
import { authLines } from './auth-lines.ts';
import type { AuthView } from './auth-view.ts';

interface AuthDialogProps extends AuthView {
  readonly dialog: AuthDialogState;
  /** Called with the question that is on the screen. */
  readonly onPainted: (question: Question | null) => void;
}

/** Shows the questions of a host's authentication, in place of the tree. */
export function AuthDialog({ dialog, onPainted, ...view }: AuthDialogProps) {
  const { painter, columns, height } = view;
  const question = dialog.question?.question ?? null;
  useLayoutEffect(() => onPainted(question), [question, onPainted]);
  return <Lines lines={authLines(dialog, view)} painter={painter} columns={columns} height={height} />;
}
