import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphemesOf } from '../../../src/domain/text-width.ts';
import { EDIT_KEYS } from '../../../src/store/form/editor.ts';
import type { FormKey } from '../../../src/store/form/field.ts';
import type { FieldSpec, FormEvent, FormState } from '../../../src/store/form/form.ts';
import { boundaryAfter, boundaryBefore, nextBoundary, previousBoundary } from '../../../src/store/form/graphemes.ts';
import { play } from './press.ts';

const PIECES = [
  'a',
  ' ',
  '_',
  '\n',
  '\r\n',
  '\t',
  'e\u0301',
  '\u0301',
  '漢',
  '👩‍💻',
  '\u200d',
  '👩',
  '🇩',
  '🇪',
  '\ufe0f',
  '가',
  'ᄀ',
  '\u001b[1m',
  '\u202e',
  '\ud800',
  'क्ष',
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''));
const OTHER_KEYS: readonly FormKey[] = ['enter', 'newline', 'tab', 'backtab'];
const event: fc.Arbitrary<FormEvent> = fc.oneof(
  fc.constantFrom(...EDIT_KEYS, ...OTHER_KEYS).map((key): FormEvent => ({ kind: 'key', key })),
  text.map((pasted): FormEvent => ({ kind: 'paste', text: pasted })),
  fc.constantFrom(...PIECES).map((typed): FormEvent => ({ kind: 'type', text: typed })),
  text.map(
    (value): FormEvent => ({
      kind: 'completed',
      field: 'path',
      value,
      candidates: [{ value }, { value: `${value}x` }],
    }),
  ),
  fc.constantFrom<FormEvent>(
    { kind: 'options', field: 'pick', options: [] },
    { kind: 'options', field: 'pick', options: [{ value: 'z', label: 'Z' }] },
    { kind: 'busy', text: null },
    { kind: 'failed', text: 'no', field: 'prompt' },
    { kind: 'key', key: 'cancel' },
  ),
);
const options = ['a', 'b', '漢'].map((value) => ({ value, label: value }));
const FIELDS: readonly FieldSpec[] = [
  { kind: 'text', name: 'path', label: 'Path', completes: true, suggestions: options },
  { kind: 'choice', name: 'pick', label: 'Pick', options },
  { kind: 'multi', name: 'many', label: 'Many', options, custom: true },
  { kind: 'toggle', name: 'on', label: 'On' },
  { kind: 'text', name: 'prompt', label: 'Prompt', multiline: true },
];

function boundariesOf(whole: string): number[] {
  const boundaries = [0];
  for (const grapheme of graphemesOf(whole)) boundaries.push((boundaries.at(-1) ?? 0) + grapheme.length);
  return boundaries;
}

function expectSound({ fields, focused }: FormState): void {
  expect(fields[focused]).toBeDefined();
  for (const field of fields) {
    if (field.kind === 'toggle') continue;
    expect(boundariesOf(field.editor.text)).toContain(field.editor.cursor);
    if (field.kind === 'text' || field.at === 'own' || field.at === null) continue;
    expect(field.options[field.at]).toBeDefined();
  }
}

describe('the places for a cursor', () => {
  it('are those between what a reader takes for characters', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const boundaries = boundariesOf(whole);
        for (let at = 0; at <= whole.length; at += 1) {
          expect(boundaryBefore(whole, at)).toBe(boundaries.findLast((boundary) => boundary <= at));
          expect(boundaryAfter(whole, at)).toBe(boundaries.find((boundary) => boundary >= at));
        }
        for (const [index, boundary] of boundaries.entries()) {
          expect(nextBoundary(whole, boundary)).toBe(boundaries[index + 1] ?? whole.length);
          expect(previousBoundary(whole, boundary)).toBe(boundaries[index - 1] ?? 0);
        }
      }),
    );
  });
});

describe('whatever is pressed', () => {
  it('the cursor stands between characters of its text, and what is chosen is there', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const form = play(FIELDS);
        for (const one of events) {
          form.send(one);
          expectSound(form.state);
        }
      }),
    );
  });

  it('no key that moves loses any of what was pasted', () => {
    const MOVES = [
      'left',
      'right',
      'up',
      'down',
      'home',
      'end',
      'ctrl+left',
      'ctrl+right',
      'ctrl+home',
      'ctrl+end',
      'pgup',
      'pgdn',
      'alt+b',
      'alt+f',
      'ctrl+a',
      'ctrl+e',
    ];
    const step = fc.oneof(fc.record({ pasted: text }), fc.record({ key: fc.constantFrom(...MOVES, 'enter', 'esc') }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const form = play([{ kind: 'text', name: 'prompt', label: 'Prompt', multiline: true }]);
        let expected = '';
        for (const one of steps) {
          if ('key' in one) form.press(one.key);
          else {
            const { cursor } = editorOf(form.state);
            expected = expected.slice(0, cursor) + one.pasted.replace(/\r\n?/g, '\n') + expected.slice(cursor);
            form.paste(one.pasted);
          }
          expect(editorOf(form.state).text).toBe(expected);
        }
      }),
    );
  });
});

function editorOf(state: FormState) {
  const field = state.fields[0];
  if (field?.kind !== 'text') throw new Error('no text');
  return field.editor;
}
