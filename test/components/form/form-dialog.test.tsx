import { useInput, usePaste } from 'ink';
import { useLayoutEffect, useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { formInputEvents } from '../../../src/components/form/form-key-event.ts';
import { formLines } from '../../../src/components/form/form-lines.ts';
import { keyNameOf } from '../../../src/components/keys/key-name.ts';
import { modalLines } from '../../../src/components/modals.ts';
import { paintLines } from '../../../src/components/paint/frame.ts';
import type { ScreenTarget } from '../../../src/domain/painted-screen.ts';
import { createConfirm } from '../../../src/store/form/confirm.ts';
import { createForm, type FormEffect, type FormEvent, type FormSpec } from '../../../src/store/form/form.ts';
import { formReduce } from '../../../src/store/form/form-reduce.ts';
import { createPager } from '../../../src/store/form/pager.ts';
import { createResults } from '../../../src/store/form/results.ts';
import type { Modal } from '../../../src/store/modal.ts';
import { plainPainter } from '../../support/render-at.tsx';
import { NEW_SESSION } from './forms.ts';
import { onRealScreen } from './real-screen.ts';

const painter = plainPainter();
const HEADER = 2;

/** A screen with a header and a form, which takes keys as the dashboard does. */
function Screen({
  spec,
  columns,
  height,
  onEffect,
  target,
}: {
  spec: FormSpec;
  columns: number;
  height: number;
  onEffect: (effect: FormEffect) => void;
  target: ScreenTarget;
}) {
  const [form, setForm] = useState(() => createForm(spec));
  const send = (events: readonly FormEvent[]) =>
    setForm((before) =>
      events.reduce((state, event) => {
        const step = formReduce(state, event);
        if (step.effect !== null) onEffect(step.effect);
        return step.state;
      }, before),
    );
  useInput((input, key) => send(formInputEvents(keyNameOf(input, key), input, key)));
  usePaste((text) => send([{ kind: 'paste', text }]));
  const { lines, cursor } = formLines(form, { painter, columns, height, frame: 0 });
  useLayoutEffect(() =>
    target.paint({
      size: target.size,
      compose: () => ({
        lines: ['ocr', '-', ...paintLines(painter, lines, columns, height)],
        cursor: cursor && { x: cursor.x, y: cursor.y + HEADER },
      }),
      painted: () => {},
    }),
  );
  return null;
}

function open(spec: FormSpec, columns = 60, height = 18) {
  const effects: FormEffect[] = [];
  const screen = onRealScreen(columns, height + HEADER, (target) => (
    <Screen spec={spec} columns={columns} height={height} onEffect={(effect) => effects.push(effect)} target={target} />
  ));
  const shows = (expected: string) => vi.waitFor(() => expect(screen.lines().join('\n')).toContain(expected));
  return { ...screen, effects, shows };
}

const PROMPT: FormSpec = {
  title: 'Prompt',
  submitLabel: 'send',
  fields: [{ kind: 'text', name: 'text', label: 'Text', multiline: true }],
};

describe('the form on a terminal', () => {
  it('has the cursor of the terminal where the next character comes', async () => {
    const { send, shows, cursor, lines } = open(PROMPT);
    await shows('❯ Text');
    send('漢a');
    await shows('│ 漢a_');
    const y = lines().findIndex((line) => line.includes('漢a'));
    await vi.waitFor(() => expect(cursor()).toEqual({ x: 7, y }));
    send('\u001b[D');
    await vi.waitFor(() => expect(cursor()).toEqual({ x: 6, y }));
    send('\u001b\r');
    await vi.waitFor(() => expect(cursor()).toEqual({ x: 4, y: y + 1 }));
  });

  it.each([
    ['alt+enter', '\u001b\r'],
    ['ctrl+j', '\n'],
    ['shift+enter of the kitty protocol', '\u001b[13;2u'],
    ['ctrl+j of the kitty protocol', '\u001b[106;5u'],
  ])('begins a new line by %s', async (_name, bytes) => {
    const { send, shows, effects } = open(PROMPT);
    await shows('❯ Text');
    send('a');
    send(bytes);
    send('b');
    await shows('line 2 of 2');
    send('\r');
    await vi.waitFor(() => expect(effects.at(-1)).toEqual({ kind: 'submit', values: { text: 'a\nb' } }));
  });

  it.each([
    ['alt+b', '\u001bb', 'one Xtwo'],
    ['ctrl+left', '\u001b[1;5D', 'one Xtwo'],
    ['alt+left', '\u001b[1;3D', 'one Xtwo'],
    ['home', '\u001b[H', 'Xone two'],
    ['ctrl+a', '\u0001', 'Xone two'],
    ['ctrl+w', '\u0017', 'one X'],
    ['alt+backspace', '\u001b\u007f', 'one X'],
    ['ctrl+u', '\u0015', 'X'],
    ['backspace', '\u007f', 'one twX'],
  ])('knows %s', async (_name, bytes, expected) => {
    const { send, shows, effects } = open(PROMPT);
    await shows('❯ Text');
    send('one two');
    send(bytes);
    send('X');
    send('\u0013');
    await vi.waitFor(() => expect(effects.at(-1)).toEqual({ kind: 'submit', values: { text: expected } }));
  });

  it('takes a paste as it is', async () => {
    const { send, shows, effects } = open(PROMPT);
    await shows('❯ Text');
    send('\u001b[200~one\r\ttwo \u001b[31m\u0003$(x)\u001b[201~');
    await shows('two ^[[31m^C$(x)_');
    send('\r');
    await vi.waitFor(() =>
      expect(effects.at(-1)).toEqual({ kind: 'submit', values: { text: 'one\n\ttwo \u001b[31m\u0003$(x)' } }),
    );
  });

  it('takes keys that come in one read one by one', async () => {
    const { send, effects, shows } = open({ ...NEW_SESSION, notes: [] });
    await shows('❯ Directory');
    send('/srv\r');
    send('A title\u0013');
    await vi.waitFor(() =>
      expect(effects.at(-1)).toMatchObject({ kind: 'submit', values: { directory: '/srv', title: 'A title' } }),
    );
  });

  it('goes back and forth by tab and shift+tab', async () => {
    const { send, shows } = open({ ...NEW_SESSION, focus: 'title' });
    await shows('❯ Title');
    send('\t');
    await shows('❯ Agent');
    send('\u001b[Z');
    send('\u001b[Z');
    await shows('❯ Directory');
  });
});

describe.each([
  [40, 7],
  [80, 21],
  [160, 47],
])('the dialogs on %i by %i', (columns, height) => {
  const place = { painter, columns, height };
  it.each<[string, Modal]>([
    ['New session on web1', { kind: 'form', form: createForm(NEW_SESSION) }],
    [
      'Delete?',
      { kind: 'confirm', confirm: createConfirm({ name: 'delete', title: 'Delete?', lines: [], options: [] }) },
    ],
    ['Archive', { kind: 'results', results: createResults('Archive', []) }],
    ['a.ts', { kind: 'pager', pager: createPager({ title: 'a.ts', lines: [] }) }],
  ])('take their place: %s', (title, modal) => {
    const { lines } = modalLines(modal, { ...place, frame: 0 });
    const painted = paintLines(painter, lines, columns, height);
    expect(painted[0]).toContain(title);
    expect(painted).toHaveLength(height);
  });
});
