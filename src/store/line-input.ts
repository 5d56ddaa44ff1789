import type { Editor } from './form/editor.ts';
import type { Selection } from './selection.ts';

/** The filter or the command, while it is typed. */
export interface LineInput {
  readonly kind: 'filter' | 'command';
  readonly editor: Editor;
  /** Index of the completion that the arrow keys have reached; `null` for none. */
  readonly picked: number | null;
  /** Index in the history of commands, from the latest; `null` for the line being typed. */
  readonly recalled: number | null;
  /** The filter and the selection before: Esc brings them back. */
  readonly before: { readonly query: string; readonly selected: Selection | null };
}
