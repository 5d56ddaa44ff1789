import { useCursor } from 'ink';
import type { ConfirmState } from '../../store/form/confirm.ts';
import type { FormState } from '../../store/form/form.ts';
import type { PagerState } from '../../store/form/pager.ts';
import type { ResultState } from '../../store/form/results.ts';
import { Lines } from '../paint/lines.tsx';
import { confirmLines } from './confirm-lines.ts';
import { type DialogArea, type DialogView, formLines } from './form-lines.ts';
import { pagerLines } from './pager-lines.ts';
import { resultLines } from './result-lines.ts';

export interface FormDialogProps extends DialogView {
  readonly form: FormState;
  /** Rows above the dialog, which place the terminal's own cursor for input methods. Without it there is no cursor. */
  readonly top?: number;
}

/** A form in which the user types and chooses. */
export function FormDialog({ form, top, ...view }: FormDialogProps) {
  const { painter, columns, height } = view;
  const { lines, cursor } = formLines(form, view);
  const { setCursorPosition } = useCursor();
  setCursorPosition(cursor === null || top === undefined ? undefined : { x: cursor.x, y: cursor.y + top });
  return <Lines lines={lines} painter={painter} columns={columns} height={height} />;
}

/** A question before something is done. */
export function ConfirmDialog({ confirm, ...view }: DialogView & { readonly confirm: ConfirmState }) {
  const { painter, columns, height } = view;
  return <Lines lines={confirmLines(confirm, view)} painter={painter} columns={columns} height={height} />;
}

/** Shows the outcomes of a bulk operation. */
export function ResultDialog({ results, ...view }: DialogView & { readonly results: ResultState }) {
  const { painter, columns, height } = view;
  return <Lines lines={resultLines(results, view)} painter={painter} columns={columns} height={height} />;
}

/** A long text to read. */
export function PagerDialog({ pager, ...view }: DialogArea & { readonly pager: PagerState }) {
  const { painter, columns, height } = view;
  return <Lines lines={pagerLines(pager, view)} painter={painter} columns={columns} height={height} />;
}
