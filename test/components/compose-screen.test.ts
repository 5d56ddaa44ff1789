import { describe, expect, it } from 'vitest';
import { ScreenComposer, screenInput } from '../../src/components/compose-screen.ts';
import { textWidth } from '../../src/domain/text-width.ts';
import { createRowSelector } from '../../src/store/select-rows.ts';
import { initialState, type OcrState } from '../../src/store/state.ts';
import { answered, aSession, NOW, SETTINGS } from '../support/builders.ts';
import { plainPainter } from '../support/render-at.tsx';

const NAMES = ['plain', '日本語の名前', '👩‍👩‍👧 family', 'e\u0301 combining', 'x'.repeat(300)];
const SESSIONS = NAMES.map((title, index) => aSession({ id: `ses_${index}`, title }));

function fleet(changes: Partial<OcrState> = {}): OcrState {
  const entry = answered('web1', SESSIONS);
  return { ...initialState(SETTINGS, false), discovered: true, entries: new Map([['web1', entry]]), ...changes };
}

const composer = () =>
  new ScreenComposer({ painter: plainPainter(), bindings: [], animation: true, empty: 'no hosts' });

function compose(state: OcrState, columns: number, height: number, by = composer()) {
  const input = screenInput(state, createRowSelector(), { columns, rows: height }, NOW);
  return by.compose(input, { frame: 0, messagesAt: NOW });
}

describe('the composed screen', () => {
  it.each([
    [80, 24],
    [120, 40],
    [200, 60],
    [40, 10],
  ])('fills a terminal of %i by %i exactly', (columns, height) => {
    const states: Record<string, OcrState> = {
      tree: fleet(),
      empty: fleet({ entries: new Map() }),
      panel: fleet({ inspecting: true }),
      search: fleet({ searching: true, query: '日本' }),
      help: fleet({ helpShown: true }),
      error: fleet({ errorShown: true, error: { title: '日本語の名前', lines: ['a'.repeat(500)] } }),
      triage: fleet({ triage: { selected: null, index: 0, top: 0 } }),
      busy: fleet({ busy: '日本語の名前'.repeat(40) }),
    };
    for (const [name, state] of Object.entries(states)) {
      const { lines } = compose(state, columns, height);
      expect(lines, name).toHaveLength(height);
      expect([...new Set(lines.map(textWidth))], name).toEqual([columns]);
    }
  });

  it('shows the panel beside the tree on a wide terminal, and below it on a narrow one', () => {
    const state = fleet({ inspecting: true });
    const wide = compose(state, 160, 40).lines;
    expect(wide.some((line) => /web1.*│/.test(line))).toBe(true);
    expect(compose(state, 80, 24).lines.some((line) => /web1.*│/.test(line))).toBe(false);
  });
});
