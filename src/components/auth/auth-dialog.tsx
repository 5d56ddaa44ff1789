import type { AuthDialogState } from '../../store/auth-dialog.ts';
import { Lines } from '../paint/lines.tsx';
import { authLines } from './auth-lines.ts';
import type { AuthView } from './auth-view.ts';

/** What is asked of the person to reach a host, in the place of the tree. */
export function AuthDialog({ dialog, ...view }: AuthView & { readonly dialog: AuthDialogState }) {
  const { painter, columns, height } = view;
  return <Lines lines={authLines(dialog, view)} painter={painter} columns={columns} height={height} />;
}
