import { describe, expect, it } from 'vitest';
import {
  confirmHints,
  FORM_KEYS,
  formHints,
  pagerHints,
  resultHints,
} from '../../../src/components/form/form-hints.ts';
import { createConfirm } from '../../../src/store/form/confirm.ts';
import { createForm, type FormState } from '../../../src/store/form/form.ts';
import { formReduce } from '../../../src/store/form/form-reduce.ts';
import { createPager } from '../../../src/store/form/pager.ts';
import { NEW_SESSION } from './forms.ts';

const hints = (form: FormState) => formHints(form).map(({ key, hint }) => `${key} ${hint}`);
const at = (focus: string) => createForm({ ...NEW_SESSION, focus });

describe('the hints of a form', () => {
  it.each([
    ['directory', ['enter next', 'ctrl+s create', 'tab complete', 'up/down pick', 'shift+tab previous', 'esc cancel']],
    ['title', ['enter next', 'ctrl+s create', 'tab next field', 'esc cancel']],
    ['agent', ['enter next', 'ctrl+s create', 'up/down choose', 'type filter', 'tab next field', 'esc cancel']],
    ['prompt', ['enter create', 'alt+enter new line', 'tab next field', 'esc cancel']],
    ['attach', ['enter create', 'space toggle', 'tab next field', 'esc cancel']],
  ])('are those of the field %s', (name, expected) => {
    expect(hints(at(name))).toEqual(expected);
  });

  it('follow what is picked, what would be lost and what goes on', () => {
    const picked = formReduce(at('directory'), { kind: 'key', key: 'down' }).state;
    expect(hints(picked)).toEqual(expect.arrayContaining(['enter accept', 'esc back']));
    expect(hints({ ...at('prompt'), leaving: true })).toContain('esc discard it');
    expect(hints({ ...at('prompt'), busy: 'creating' })).toEqual(['esc stop']);
    expect(hints(createForm({ title: '', submitLabel: 'go', fields: [] }))).toEqual(['enter go', 'esc cancel']);
  });

  it('stand for the other dialogs too', () => {
    const confirm = createConfirm({ name: 'delete', title: '', lines: [], options: [{ key: 'y', label: 'delete' }] });
    expect(confirmHints(confirm)).toEqual([
      { key: 'y', hint: 'delete' },
      { key: 'n esc', hint: 'go back' },
    ]);
    expect(confirmHints({ ...confirm, busy: 'deleting' })).toEqual([{ key: 'esc', hint: 'stop' }]);
    expect(resultHints()).toHaveLength(2);
    expect(pagerHints({ ...createPager({ title: '', lines: [] }), wrap: false })).toHaveLength(4);
    for (const { description } of FORM_KEYS) expect(description).toMatch(/^[A-Z].*\.$/);
  });
});
