import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { footerLine } from '../../../src/components/footer.ts';
import { DEFAULT_BINDINGS } from '../../../src/components/keys/bindings.ts';
import { findBinding } from '../../../src/components/keys/dispatch.ts';
import { footerHints } from '../../../src/components/keys/footer-hints.ts';
import { widthOf } from '../../../src/components/paint/line.ts';
import { createRowSelector } from '../../../src/store/select-rows.ts';
import { selectedHost, selectedSession } from '../../../src/store/selection.ts';
import { initialState, type OcrState } from '../../../src/store/state.ts';
import { VIEW_NAMES } from '../../../src/store/view.ts';
import { selectedRow } from '../../../src/store/view-transitions.ts';
import { viewShown } from '../../../src/store/view-travels.ts';
import { aFleet } from '../../support/a-fleet.ts';
import { NOW, SETTINGS } from '../../support/builders.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

const base: OcrState = { ...initialState(SETTINGS, false), ...aFleet() };

function hintsOn(selected: OcrState['selected'], changes: Partial<OcrState> = {}) {
  const state = { ...base, selected, ...changes };
  const row = selectedRow(createRowSelector()(state, NOW), state);
  return footerHints(DEFAULT_BINDINGS, 'list', { state, row, items: [] });
}

const textOf = (hints: ReturnType<typeof hintsOn>, columns: number) =>
  footerLine(hints, columns)
    .left.map(({ text }) => text)
    .join('')
    .trim();
const rowKeys = (...args: Parameters<typeof hintsOn>) => hintsOn(...args).row.map(({ key, hint }) => `${key} ${hint}`);

describe('the footer', () => {
  it.each([
    [
      'asks',
      selectedSession('prod-api', '1'),
      'enter answer, y allow once, Y always allow, N reject, z snooze, p prompt, d delete',
    ],
    ['rests', selectedSession('prod-api', '4'), 'enter open, p prompt, n new session, R rename, A archive, d delete'],
    ['works', selectedSession('prod-api', '2'), 'enter open, p prompt, x stop'],
    [
      'is a host',
      selectedHost('prod-web'),
      'enter unfold, n new session, gc clone repo, P clean up, ctrl+r restart server',
    ],
    ['needs a login', selectedHost('bastion'), 'a connect, e why, r refresh'],
    ['is offline', selectedHost('gpu-02'), 'e why, r refresh'],
  ])('names the keys of a row that %s, the most useful first', (_mood, selected, expected) => {
    expect(rowKeys(selected).join(', ')).toBe(expected);
  });

  it('names what acts on all marked sessions, with their number', () => {
    const marked = new Set(
      ['prod-api\u0000ses'].concat(
        [...createRowSelector()(base, NOW)].filter(({ kind }) => kind === 'session').map(({ key }) => key),
      ),
    );
    expect(rowKeys(selectedSession('prod-api', '4'), { marked }).slice(0, 2)).toEqual(['A archive 5', 'd delete 5']);
  });

  it('drops the keys of the view first, then those of the row; the primary one, ? and the way out never', () => {
    const hints = hintsOn(selectedSession('prod-api', '1'));
    expect(textOf(hints, 140)).toBe(
      'enter answer  y allow once  Y always allow  N reject  z snooze  p prompt  d delete  tab panel  4 triage  / filter  ? help  q quit',
    );
    expect(textOf(hints, 80)).toBe('enter answer  y allow  Y always  N reject  z snooze  p prompt  ? help  q quit');
    expect(textOf(hints, 30)).toBe('enter answer  ? help  q quit');
    expect(textOf(hints, 1)).toBe('enter answer  ? help  q quit');
  });

  it('fits the width as long as there is something to drop', () => {
    const hints = hintsOn(selectedSession('prod-api', '1'));
    for (let columns = 31; columns < 200; columns += 1)
      expect(widthOf(footerLine(hints, columns).left)).toBeLessThanOrEqual(columns);
  });

  it('names one way out: the nearest layer', () => {
    const way = (changes: Partial<OcrState>) => hintsOn(selectedHost('prod-api'), changes).last.at(-1);
    expect(way({})).toEqual({ key: 'q', hint: 'quit' });
    expect(way({ query: 'x' })).toEqual({ key: 'esc', hint: 'clear filter' });
    expect(way({ inspecting: true, query: 'x' })).toEqual({ key: 'esc', hint: 'close panel' });
    expect(way({ marked: new Set(['x']), query: 'x' })).toEqual({ key: 'esc', hint: 'unmark' });
    expect(way({ view: 'log' })).toEqual({ key: 'esc', hint: 'back' });
  });

  it('names the key of Triage in every view but Triage', () => {
    const isNamed = VIEW_NAMES.map((view) => hintsOn(null, { view }).view.some(({ hint }) => hint === 'triage'));
    expect(isNamed).toEqual(VIEW_NAMES.map((view) => view !== 'triage'));
  });

  it('names no key that does nothing, in any mode and view, and no prefix sign of a question', () => {
    for (const view of VIEW_NAMES) {
      const state = { ...base, ...viewShown(view)(base) };
      const row = selectedRow(createRowSelector()(state, NOW), state);
      for (const mode of ['list', 'panel', 'filter', 'command', 'help', 'error', 'auth', 'trust'] as const) {
        const context = { state, row, items: [] };
        const { row: own, view: ofView, last } = footerHints(DEFAULT_BINDINGS, mode, context);
        for (const { key, hint } of [...own, ...ofView, ...last]) {
          expect(hint).not.toContain('…');
          if (key === '↑↓') continue;
          const keys = key.startsWith('g') && key.length === 2 ? [...key].join(' ') : key;
          expect(findBinding(DEFAULT_BINDINGS, mode, keys, context)?.disabled, `${mode} ${view} ${key}`).toBeNull();
        }
      }
    }
  });
});
