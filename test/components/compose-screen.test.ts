import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScreenComposer } from '../../src/components/compose-screen.ts';
import { KeyTable } from '../../src/components/keys/key-table.ts';
import { screenInput } from '../../src/components/screen-input.ts';
import { textWidth } from '../../src/domain/text-width.ts';
import { initialDetail } from '../../src/store/detail.ts';
import { createConfirm } from '../../src/store/form/confirm.ts';
import { createForm } from '../../src/store/form/form.ts';
import { createPager } from '../../src/store/form/pager.ts';
import { createRowSelector } from '../../src/store/select-rows.ts';
import { initialState, type OcrState } from '../../src/store/state.ts';
import { inputBegun, inputTyped } from '../../src/store/typed-line.ts';
import { VIEW_NAMES } from '../../src/store/view.ts';
import { viewShown } from '../../src/store/view-travels.ts';
import { aFleet } from '../support/a-fleet.ts';
import { aHostKeyQuestion, answered, aSecretQuestion, aSession, NOW, SETTINGS } from '../support/builders.ts';
import { plainPainter } from '../support/render-at.tsx';
import { FOUND_NOTHING } from './open-dashboard.tsx';
import '../support/property-rounds.ts';

const NAMES = ['plain', '日本語の名前', '👩‍👩‍👧 family', 'e\u0301 combining', 'x'.repeat(300)];
const SESSIONS = NAMES.map((title, index) => aSession({ id: `ses_${index}`, title }));
const HOSTILE = { ...answered('hostile', SESSIONS), fresh: true };

function fleet(changes: Partial<OcrState> = {}): OcrState {
  const entries = new Map([...aFleet().entries, ['hostile', HOSTILE] as const]);
  return { ...initialState(SETTINGS, false), ...aFleet(), entries, ...changes };
}

const keys = new KeyTable({ chosen: {}, lines: {}, filters: [], commands: [] }, '');
const PAINTERS = { nightops: plainPainter(), minimal: plainPainter('minimal') };

function compose(state: OcrState, columns: number, height: number, theme: keyof typeof PAINTERS = 'nightops') {
  const painter = PAINTERS[theme];
  const composer = new ScreenComposer({
    painter,
    keys,
    themes: () => ['nightops'],
    foundAtStart: () => FOUND_NOTHING,
    isRead: false,
  });
  const input = screenInput(state, createRowSelector(), { columns, rows: height }, NOW);
  return composer.compose(input, { frame: 0, messagesAt: NOW });
}

function changed(state: OcrState, ...changes: ((state: OcrState) => Partial<OcrState>)[]): OcrState {
  let now = state;
  for (const change of changes) now = { ...now, ...change(now) };
  return now;
}

const DIALOG = { alias: 'a', label: 'prod-api', progress: ['connecting'], waiting: 0, commands: [], failure: null };
const CONFIRM = createConfirm({
  name: 'delete',
  title: `Delete ${NAMES[1]}?`,
  lines: NAMES.map((text) => ({ text })),
  options: [{ key: 'y', label: 'delete' }],
});

/** What can lie over a view, and what else changes how a screen is divided. */
const OVER: Readonly<Record<string, (state: OcrState) => Partial<OcrState>>> = {
  nothing: () => ({}),
  panel: () => ({ inspecting: true }),
  'the panel in full': () => ({ inspecting: true, detail: { ...initialDetail, full: true } }),
  'a grown panel': () => ({ inspecting: true, panelGrown: 40 }),
  'a shrunk panel': () => ({ inspecting: true, panelGrown: -40 }),
  help: () => ({ help: { query: '', selected: 0, isBinding: false } }),
  'help that finds nothing': () => ({ help: { query: '日本', selected: 3, isBinding: false } }),
  filter: (state) => changed(state, inputBegun('filter'), inputTyped('state:wrong 日本 ag')),
  command: (state) => changed(state, inputBegun('command'), inputTyped('s')),
  'a filter that is kept': () => ({ query: 'state:waiting 日本' }),
  chord: () => ({ chord: { keys: 'g', isShown: true } }),
  failure: () => ({ errorShown: true, error: { title: '日本語の名前', lines: ['a'.repeat(500)] } }),
  question: () => ({ modal: { kind: 'confirm', confirm: CONFIRM } }),
  form: () => ({
    modal: {
      kind: 'form',
      form: createForm({
        title: NAMES[2]!,
        submitLabel: 'send',
        fields: [{ kind: 'text', name: 'text', label: 'text', multiline: true }],
      }),
    },
  }),
  text: () => ({
    modal: { kind: 'pager', pager: createPager({ title: 'x', lines: NAMES.map((text) => [{ text }]) }) },
  }),
  password: () => ({
    dialog: {
      ...DIALOG,
      question: { kind: 'secret', question: aSecretQuestion(), answers: [{ kind: 'hidden', length: 3 }] },
    },
  }),
  'host key': () => ({ dialog: { ...DIALOG, question: { kind: 'host-key', question: aHostKeyQuestion() } } }),
  busy: () => ({ busy: '日本語の名前'.repeat(40) }),
  toast: () => ({ toast: null, hint: { kind: 'hint', text: NAMES.join(' '), at: NOW } }),
  marks: ({ entries }) => ({
    marked: new Set(
      [...entries].flatMap(([alias, { snapshot }]) => (snapshot?.sessions ?? []).map(({ id }) => `${alias}\0${id}`)),
    ),
  }),
  'no header': () => ({ headerHidden: true }),
  'all columns': () => ({ allColumns: true }),
  'no hosts': () => ({ entries: new Map() }),
  'no discovery yet': () => ({ entries: new Map(), discovered: false }),
};

describe('the composed screen', () => {
  it('fills every terminal exactly, in every view, whatever lies over it', () => {
    const size = fc.record({
      columns: fc.integer({ min: 24, max: 300 }),
      rows: fc.integer({ min: 6, max: 100 }),
      view: fc.constantFrom(...VIEW_NAMES),
      over: fc.constantFrom(...Object.keys(OVER)),
      theme: fc.constantFrom('nightops' as const, 'minimal' as const),
      at: fc.nat({ max: 40 }),
    });
    fc.assert(
      fc.property(size, ({ columns, rows, view, over, theme, at }) => {
        const state = changed(fleet(), viewShown(view), () => ({ selectedAt: at }), OVER[over]!);
        const { lines, cursor } = compose(state, columns, rows, theme);
        expect(lines, over).toHaveLength(rows);
        expect([...new Set(lines.map(textWidth))], over).toEqual([columns]);
        if (cursor !== null) expect(cursor.x < columns && cursor.y < rows, over).toBe(true);
      }),
    );
  });

  it.each(Object.keys(OVER))('fills the usual terminals exactly with %s', (over) => {
    for (const [columns, rows] of [
      [80, 24],
      [120, 40],
      [200, 60],
      [40, 10],
    ] as const) {
      for (const view of VIEW_NAMES) {
        const { lines } = compose(changed(fleet(), viewShown(view), OVER[over]!), columns, rows);
        expect(lines, view).toHaveLength(rows);
        expect([...new Set(lines.map(textWidth))], view).toEqual([columns]);
      }
    }
  });

  it('shows the panel beside the tree on a wide terminal, and below it on a narrow one', () => {
    const state = fleet({ inspecting: true });
    const isBeside = (columns: number, rows: number) =>
      compose(state, columns, rows).lines.some((line) => /prod-web.*│ /.test(line));
    expect([isBeside(160, 40), isBeside(80, 24)]).toEqual([true, false]);
  });

  it('leaves the view in sight around a dialog on a large terminal, and none of it on a small one', () => {
    const state = changed(fleet(), OVER.question!);
    expect(compose(state, 120, 40).lines.join('\n')).toContain('prod-web');
    const small = compose(state, 40, 10).lines.join('\n');
    expect(small).toContain('Delete');
    expect(small).not.toContain('prod-web');
  });

  it('names the keys of a dialog in its border on a large terminal, and in the footer on a small one', () => {
    const state = changed(fleet(), OVER.question!);
    expect(compose(state, 120, 40).lines.at(-1)?.trim()).toBe('');
    expect(compose(state, 120, 40).lines.find((line) => line.includes('╰'))).toMatch(/╰.* y delete.*╯/);
    expect(compose(state, 40, 10).lines.at(-1)).toContain('y delete');
  });

  it('has the cursor of the terminal behind the text that is typed', () => {
    const typing = changed(fleet(), inputBegun('command'), inputTyped('so'));
    expect(compose(typing, 80, 24).cursor).toEqual({ x: ' : so'.length, y: 1 });
    expect(compose({ ...typing, headerHidden: true }, 80, 24).cursor).toEqual({ x: ' : so'.length, y: 0 });
  });
});
