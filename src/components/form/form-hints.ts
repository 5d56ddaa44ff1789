import type { ConfirmState } from '../../store/form/confirm.ts';
import type { Field } from '../../store/form/field.ts';
import type { FormState } from '../../store/form/form.ts';
import type { PagerState } from '../../store/form/pager.ts';

export interface Hint {
  readonly key: string;
  readonly hint: string;
}

const SCROLL: Hint = { key: 'up/down', hint: 'scroll' };

/** The keys that do something in a form now, those first that matter most. */
export function formHints(form: FormState): Hint[] {
  if (form.busy !== null) return [{ key: 'esc', hint: 'stop' }];
  const field = form.fields[form.focused];
  const isLast = form.focused >= form.fields.length - 1;
  const isPicked = field?.kind === 'text' && field.picked !== null;
  const submits = isLast || (field?.kind === 'text' && field.multiline);
  return [
    { key: 'enter', hint: isPicked ? 'accept' : submits ? form.submitLabel : 'next' },
    ...(submits && !isPicked ? [] : [{ key: 'ctrl+s', hint: form.submitLabel }]),
    ...(field === undefined ? [] : fieldHints(field)),
    ...(form.fields.length > 1 ? [moveHint(field)] : []),
    { key: 'esc', hint: form.leaving ? 'discard it' : isPicked ? 'back' : 'cancel' },
  ];
}

function fieldHints(field: Field): Hint[] {
  switch (field.kind) {
    case 'text':
      if (field.multiline) return [{ key: 'alt+enter', hint: 'new line' }];
      return field.completes ? [{ key: 'tab', hint: 'complete' }, PICK] : field.suggestions.length > 0 ? [PICK] : [];
    case 'choice':
      return field.numbered && field.at !== 'own'
        ? [DIGITS]
        : [{ key: 'up/down', hint: 'choose' }, typing(field.custom)];
    case 'multi':
      return [{ key: 'space', hint: 'check' }, PICK, typing(field.custom)];
    case 'toggle':
      return [{ key: 'space', hint: 'toggle' }];
  }
}

const DIGITS: Hint = { key: '1-9', hint: 'pick' };
const PICK: Hint = { key: 'up/down', hint: 'pick' };

function typing(custom: boolean): Hint {
  return { key: 'type', hint: custom ? 'custom answer' : 'filter' };
}

function moveHint(field: Field | undefined): Hint {
  const isTabTaken = field?.kind === 'text' && field.completes;
  return { key: isTabTaken ? 'shift+tab' : 'tab', hint: isTabTaken ? 'previous' : 'next field' };
}

/** The keys of a question before something is done. */
export function confirmHints({ options, busy, keep }: ConfirmState): Hint[] {
  if (busy !== null) return [{ key: 'esc', hint: 'stop' }];
  return [...options.map(({ key, label, hint = label }) => ({ key, hint })), { key: 'n esc', hint: keep }];
}

/** The keys of a list of results. */
export function resultHints(): Hint[] {
  return [{ key: 'esc', hint: 'close' }, SCROLL];
}

/** The keys of a long text. */
export function pagerHints({ wrap }: PagerState): Hint[] {
  const sideways: Hint[] = wrap ? [] : [{ key: 'left/right', hint: 'sideways' }];
  return [{ key: 'esc', hint: 'close' }, SCROLL, { key: 'w', hint: wrap ? 'do not wrap' : 'wrap' }, ...sideways];
}

/** Explains all keys of forms, for the help screen and the README: key and a sentence. */
export const FORM_KEYS: readonly { readonly keys: string; readonly description: string }[] = [
  { keys: 'enter', description: 'Next field; from the last field or a multiline text, submit.' },
  { keys: 'ctrl+s', description: 'Submit from any field.' },
  { keys: 'alt+enter ctrl+j', description: 'Start a new line (also shift+enter, if the terminal reports it).' },
  {
    keys: 'tab shift+tab',
    description: 'Next or previous field; tab completes if it can.',
  },
  {
    keys: 'up down',
    description: 'Move through lines, options or completions; else to the field above or below.',
  },
  { keys: 'space', description: 'Check an option, or toggle yes and no.' },
  { keys: 'ctrl+a ctrl+e', description: 'Go to the start or end of the line, as home and end do.' },
  { keys: 'alt+b alt+f', description: 'Move by a word, as ctrl+left and ctrl+right do.' },
  { keys: 'ctrl+u ctrl+k', description: 'Erase to the start or end of the line.' },
  { keys: 'ctrl+w alt+d', description: 'Erase the word left or right of the cursor.' },
  { keys: 'esc', description: 'Cancel; press twice if a long text would be lost.' },
];
