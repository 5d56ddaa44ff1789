import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editLine } from '../../../src/components/form/edit-line.ts';
import { formLines } from '../../../src/components/form/form-lines.ts';
import { windowStart } from '../../../src/components/form/window.ts';
import { graphemesOf, textWidth } from '../../../src/domain/text-width.ts';
import { createForm, type FormEvent, type FormState } from '../../../src/store/form/form.ts';
import { formReduce } from '../../../src/store/form/form-reduce.ts';
import { countCharacters } from '../../support/counted-characters.ts';
import { plainPainter } from '../../support/render-at.tsx';
import { HOSTILE, HOSTILE_FORM, NEW_SESSION } from './forms.ts';

const painter = plainPainter();
const given = (form: FormState, ...events: FormEvent[]) =>
  events.reduce((state, event) => formReduce(state, event).state, form);
const key = (name: Extract<FormEvent, { kind: 'key' }>['key']): FormEvent => ({ kind: 'key', key: name });
const paste = (text: string): FormEvent => ({ kind: 'paste', text });

function paint(form: FormState, columns: number, height: number) {
  const { lines, cursor } = formLines(form, { painter, columns, height, frame: 0 });
  return { lines: lines.map((line) => painter.line(line, columns)), cursor };
}

const text = (form: FormState, columns: number, height: number) =>
  paint(form, columns, height).lines.map((line) => line.trimEnd());

/** Every state of a form that its fields have when they get the keyboard one after the other. */
function visited(form: FormState): FormState[] {
  return form.fields.map((_, focused) => ({ ...form, focused }));
}

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe('a form', () => {
  it('shows its fields, and below the one with the keyboard what can be picked', () => {
    expect(text(createForm(NEW_SESSION), 80, 21)).toMatchInlineSnapshot(`
      [
        "  New session on web1                                             field 1 of 6",
        "",
        "  The server of web1 is started when none runs.",
        "  web1 is busy.",
        "",
        "❯ Directory  _",
        "               /srv/shop  project",
        "               /srv/site  project",
        "               /home/ada/web  project",
        "             It is made when there is none.",
        "  Title      named by the model",
        "  Agent      build",
        "  Model      -",
        "  Prompt     none",
        "  Attach     [x] yes",
      ]
    `);
  });

  it('shows the options of a list around the one that is highlighted', () => {
    const form = given(createForm({ ...NEW_SESSION, focus: 'model' }), key('down'), key('pageDown'), key('pageDown'));
    expect(text(form, 80, 21)).toMatchInlineSnapshot(`
      [
        "  New session on web1                                             field 4 of 6",
        "  The server of web1 is started when none runs.",
        "  web1 is busy.",
        "  Directory",
        "  Title      named by the model",
        "  Agent      build",
        "❯ Model      _ type to filter                                          21 of 40",
        "               model-12  the 12th model of some provider",
        "               model-13  the 13th model of some provider",
        "               model-14  the 14th model of some provider",
        "               model-15  the 15th model of some provider",
        "               model-16  the 16th model of some provider",
        "               model-17  the 17th model of some provider",
        "               model-18  the 18th model of some provider",
        "               model-19  the 19th model of some provider",
        "             ❯ model-20  the 20th model of some provider",
        "               model-21  the 21th model of some provider",
        "               model-22  the 22th model of some provider",
        "               model-23  the 23th model of some provider",
        "  Prompt     none",
        "  Attach     [x] yes",
      ]
    `);
  });

  it('shows a text of many lines with the cursor in it', () => {
    const form = given(createForm({ ...NEW_SESSION, focus: 'prompt' }), paste('Fix the login.\n\n- first\n\t- second'));
    expect(text(form, 80, 21)).toMatchInlineSnapshot(`
      [
        "  New session on web1                                             field 5 of 6",
        "",
        "  The server of web1 is started when none runs.",
        "  web1 is busy.",
        "",
        "  Directory",
        "  Title      named by the model",
        "  Agent      build",
        "  Model      -",
        "❯ Prompt                                                            line 4 of 4",
        "  │ Fix the login.",
        "  │",
        "  │ - first",
        "  │     - second_",
        "    alt+enter: a new line",
        "  Attach     [x] yes",
      ]
    `);
  });

  it('keeps to what matters on a small screen', () => {
    expect(text(createForm(NEW_SESSION), 40, 7)).toMatchInlineSnapshot(`
      [
        "  New session on web1     field 1 of 6",
        "❯ Directory  _",
        "      /srv/shop  project",
        "      /srv/site  project",
        "      /home/ada/web  project",
        "    It is made when there is none.",
        "  Title      named by the model",
      ]
    `);
    const form = createForm({ ...NEW_SESSION, focus: 'attach' });
    expect(text(form, 40, 7)).toMatchInlineSnapshot(`
      [
        "  New session on web1     field 6 of 6",
        "  Title      named by the model",
        "  Agent      build",
        "  Model      -",
        "  Prompt     none",
        "❯ Attach     [x] yes",
        "    Open it at once.",
      ]
    `);
  });

  it('says what is wrong, what is going on, and what would be lost', () => {
    const form = createForm(NEW_SESSION);
    expect(text(given(form, key('enter')), 80, 10).at(-1)).toBe('  Directory: required');
    expect(text(given(form, { kind: 'busy', text: 'creating' }), 40, 10).at(-1)).toBe('  ⠋ creating');
    const typed = given(createForm({ ...NEW_SESSION, focus: 'prompt' }), paste('x'), key('cancel'));
    expect(text(typed, 40, 10).at(-1)).toBe('  esc again discards what was typed');
  });

  it('shows a long question in full', () => {
    const question = 'Which of the two databases is meant to be the one that the migration leaves alone?';
    const form = createForm({
      title: 'Answer',
      submitLabel: 'answer',
      fields: [
        {
          kind: 'choice',
          name: 'a',
          label: question,
          options: [
            {
              value: 'x',
              label: 'The first',
              description: 'It holds all orders since 2019, and nothing else but those',
            },
          ],
          custom: true,
          initial: 'x',
        },
      ],
    });
    expect(text(form, 40, 16)).toMatchInlineSnapshot(`
      [
        "  Answer",
        "",
        "  Which of the two databases is meant",
        "  to be the one that the migration",
        "  leaves alone?",
        "❯                                1 of 2",
        "    ❯ The first  It holds all orders si…",
        "      custom:",
        "    It holds all orders since 2019, and",
        "    nothing else but those",
      ]
    `);
  });
});

describe.each([
  [40, 7],
  [40, 10],
  [80, 21],
  [160, 47],
  [20, 3],
  [9, 1],
])('on %i by %i', (columns, height) => {
  const states = [NEW_SESSION, HOSTILE_FORM].flatMap((spec) => {
    const form = createForm(spec);
    const failed = given(form, { kind: 'failed', text: HOSTILE });
    const busy = given(form, { kind: 'busy', text: HOSTILE });
    const noted = given(form, key('tab'), {
      kind: 'completed',
      field: 'text',
      value: HOSTILE,
      candidates: [],
      note: HOSTILE,
    });
    const long = { ...failed, focused: form.fields.length - 2 };
    return [...visited(form), failed, long, busy, { ...long, busy: HOSTILE }, noted];
  });

  it('no line is too wide or one too many, and the field with the keyboard and its cursor are in sight', () => {
    for (const form of states) {
      const { lines, cursor } = paint(form, columns, height);
      expect(lines.length).toBeLessThanOrEqual(height);
      for (const line of lines) {
        expect(textWidth(line)).toBe(columns);
        expect(line).not.toMatch(CONTROLS);
      }
      if (height > 1) expect(lines.some((line) => line.startsWith('❯ ') || line.includes('│ '))).toBe(true);
      if (cursor === null) continue;
      expect(cursor.y).toBeLessThan(lines.length);
      expect(cursor.x).toBeLessThan(columns);
    }
  });
});

describe('a line that is edited', () => {
  const shown = (line: string, cursor: number | null, room: number, multiline = false) => {
    const { segments, x } = editLine(line, cursor, room, painter, multiline);
    return { text: segments.map((part) => part.text).join(''), x };
  };

  it('shows as signs what cannot be seen', () => {
    expect(shown('a\u001b[1m\u0000\n\u202e\u200b\u0085', null, 40).text).toBe('a^[[1m^@^J<202e><200b><85>');
    expect(shown('a\tb', null, 40).text).toBe('a^Ib');
    expect(shown('a\tb', null, 40, true).text).toBe('a    b');
    expect(shown('\u0301a', 0, 40)).toEqual({ text: ' \u0301a', x: 0 });
  });

  it('moves sideways with its cursor', () => {
    const digits = '0123456789'.repeat(4);
    expect(shown(digits, 0, 12)).toEqual({ text: '0123456789…', x: 0 });
    expect(shown(digits, 12, 12)).toEqual({ text: '…5678901234…', x: 8 });
    expect(shown(digits, 40, 12)).toEqual({ text: '…123456789_', x: 10 });
    expect(shown(digits, null, 12)).toEqual({ text: '0123456789…', x: 0 });
  });

  it('has its cursor in sight and at the character that it is at, whatever the text', () => {
    const PIECES = ['a', '漢', 'e\u0301', '👩‍💻', '\u0301', '🇩🇪', '\u001b', '\u202e', '\t', 'b'];
    const line = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(line, fc.nat(), fc.integer({ min: 3, max: 30 }), fc.boolean(), (whole, seed, room, multiline) => {
        const graphemes = graphemesOf(whole);
        const cursor = graphemes.slice(0, seed % (graphemes.length + 1)).join('').length;
        const { segments, x } = editLine(whole, cursor, room, painter, multiline);
        const before = segments.slice(
          0,
          segments.findIndex(({ colour }) => colour === 'match' || colour === 'accent'),
        );
        expect(textWidth(before.map((part) => part.text).join(''))).toBe(x);
        expect(x).toBeLessThan(room);
        expect(segments.reduce((sum, part) => sum + textWidth(part.text), 0)).toBeLessThanOrEqual(room);
      }),
    );
  });

  it('is painted from the part around the cursor, however long it is', () => {
    const huge = '漢\u0301x'.repeat(300_000);
    for (const cursor of [0, huge.length, 450_000]) {
      let text = '';
      const work = countCharacters(() => {
        text = shown(huge, cursor, 80).text;
      });
      expect(textWidth(text)).toBeLessThanOrEqual(80);
      expect(work).toBeLessThan(10_000);
    }
  });
});

describe('a window', () => {
  it('always has in sight what it is about, and leaves no room empty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), fc.integer({ min: 1, max: 20 }), (count, seed, room) => {
        const at = seed % count;
        const start = windowStart(at, count, room);
        expect(start).toBeLessThanOrEqual(at);
        expect(start + room).toBeGreaterThan(at);
        expect(start).toBeLessThanOrEqual(Math.max(0, count - room));
        expect(start).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
