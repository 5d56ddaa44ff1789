import { describe, expect, it } from 'vitest';
import { tabBar } from '../../../src/components/inspect/panel.ts';
import {
  foldDisabledReason,
  panelDisabledReason,
  performPanel,
} from '../../../src/components/inspect/perform-panel.ts';
import { textWidth } from '../../../src/domain/text-width.ts';
import { DETAIL_TABS } from '../../../src/store/detail.ts';
import { answered, aSession, NOW } from '../../support/builders.ts';
import { aMessage, aTool, hostRow, loaded, paintedPanel, panelState, sessionRow, viewAt } from './open-panel.ts';

const SIZES = [
  [80, 24],
  [120, 40],
  [160, 50],
] as const;
const textOf = (line: { left: readonly { text: string }[]; right?: readonly { text: string }[] }) =>
  [...line.left, ...(line.right ?? [])].map(({ text }) => text).join('');

describe('the tab bar', () => {
  it('names all tabs, the shown one in brackets', () => {
    expect(textOf(tabBar(DETAIL_TABS, 'transcript', [], 80))).toBe(' details [transcript] todo  changes  log ');
    expect(textOf(tabBar(['details', 'log'], 'details', [], 80))).toBe('[details] log ');
  });

  it('leaves out what there is no room for', () => {
    expect(textOf(tabBar(DETAIL_TABS, 'todo', ['1-9 of 20', '45%'], 60))).toMatch(/1-9 of 20$/);
    expect(textOf(tabBar(DETAIL_TABS, 'todo', ['1-9 of 20', '45%'], 46))).toMatch(/log 45%$/);
    expect(textOf(tabBar(DETAIL_TABS, 'todo', ['45%'], 43))).toBe(' details  transcript [todo] changes  log ');
    expect(textOf(tabBar(DETAIL_TABS, 'todo', [], 20))).toBe('[todo]3/5');
  });
});

describe.each(SIZES)('the panel at %i by %i', (columns, rows) => {
  const height = viewAt(columns, rows).area.height;
  const messages = loaded(Array.from({ length: 80 }, (_, index) => aMessage([`message ${index}`])));
  const row = sessionRow();

  it('has the tabs on its first line, and only those that there are', () => {
    expect(paintedPanel(row, panelState('todo'), columns, rows)[0]).toContain(
      ' details  transcript [todo] changes  log',
    );
    const host = hostRow(answered('web1', []));
    expect(paintedPanel(host, panelState('todo'), columns, rows)[0]).toMatch(/^.?\s?\[details\] log( .*|)$/);
  });

  it('is exactly as high and as wide as its place, whatever it shows', () => {
    const hostile = 'a \u001b[31mred\u001b[0m\ttab 漢字 👩‍💻 \u202e evil '.repeat(30);
    const tool = aTool({ title: hostile, input: hostile, output: `${hostile}\n\r\n${hostile}` });
    const state = panelState('details', {
      messages: loaded([aMessage([hostile, tool], { error: hostile, agent: hostile, model: hostile })]),
      todos: loaded([{ content: hostile, status: 'pending' }]),
      changes: loaded([{ path: hostile, additions: 1, deletions: 2, patch: `@@ -1 +1 @@\n-${hostile}\n+${hostile}` }]),
    });
    const wide = sessionRow(aSession({ title: hostile, directory: hostile }));
    for (const tab of DETAIL_TABS) {
      for (const unfolded of [new Set<typeof tab>(), new Set([tab])]) {
        const detail = { ...state.detail, tab, unfolded };
        const activities = new Map([['web1', [{ at: NOW, duration: 5, what: hostile, result: hostile }]]]);
        const lines = paintedPanel(wide, { ...state, detail, activities }, columns, rows);
        expect(lines).toHaveLength(height);
        for (const line of lines) {
          expect(textWidth(line)).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
        }
      }
    }
  });

  it('shows the end of a transcript, says where it is, and scrolls', () => {
    const state = panelState('transcript', { messages });
    const end = paintedPanel(row, state, columns, rows);
    expect(end.join('\n')).toContain('message 79');
    expect(end.join('\n')).not.toContain('message 60');
    expect(end[0]).toMatch(columns === 120 ? /100%$/ : /of 240$/);
    const view = viewAt(columns, rows);
    const top = { ...state, ...performPanel('panelTop', row, state, view) };
    expect(paintedPanel(row, top, columns, rows).join('\n')).toContain('message 0');
    const half = { ...top, ...performPanel('panelHalfDown', row, top, view) };
    expect(paintedPanel(row, half, columns, rows).join('\n')).not.toContain('message 0');
    const back = { ...half, ...performPanel('panelBottom', row, half, view) };
    expect(paintedPanel(row, back, columns, rows)).toEqual(end);
  });

  it('has the whole screen when it is opened in full, and says there whose it is', () => {
    const before = panelState('transcript', { messages });
    const state = { ...before, ...performPanel('panelFull', row, before, viewAt(columns, rows)) };
    const lines = paintedPanel(row, state, columns, rows);
    expect(lines).toHaveLength(rows - 4);
    expect(lines[1]).toContain('web1');
    expect(lines[1]).toContain('Fix the login page');
    expect(lines.at(-2)).toContain('message 79');
    const details = paintedPanel(row, { ...state, detail: { ...state.detail, tab: 'details' } }, columns, rows);
    expect(details.filter((line) => line.includes('Fix the login page'))).toHaveLength(1);
  });
});

describe('folding', () => {
  const tool = aTool({ output: Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n') });
  const messages = loaded(Array.from({ length: 20 }, (_, index) => aMessage([`message ${index}`, tool])));
  const row = sessionRow();
  const view = viewAt(80, 28);

  it('keeps what is at the top where it is, and the end at the end', () => {
    const state = panelState('transcript', { messages });
    const end = { ...state, ...performPanel('panelFold', row, state, view) };
    expect(paintedPanel(row, end, 80, 28).join('\n')).toContain('line 29');
    const top = { ...state, ...performPanel('panelTop', row, state, view) };
    const down = { ...top, ...performPanel('panelPageDown', row, top, view) };
    const seen = paintedPanel(row, down, 80, 28)[1];
    const unfolded = { ...down, ...performPanel('panelFold', row, down, view) };
    expect(paintedPanel(row, unfolded, 80, 28)[1]).toBe(seen);
    expect(paintedPanel(row, unfolded, 80, 28).join('\n')).toContain('line 0');
    const folded = { ...unfolded, ...performPanel('panelFold', row, unfolded, view) };
    expect(paintedPanel(row, folded, 80, 28)[1]).toBe(seen);
  });

  it('and scrolling say why they do nothing', () => {
    expect(foldDisabledReason(panelState('todo'), row)).toBe('Nothing to fold');
    expect(foldDisabledReason(panelState('transcript'), hostRow(answered('web1', [])))).toBe('Nothing to fold');
    expect(foldDisabledReason(panelState('transcript'), row)).toBeNull();
    const closed = { ...panelState('transcript'), inspecting: false };
    expect(panelDisabledReason(closed)).toBe('The panel is closed');
    expect(performPanel('panelDown', row, closed, view)).toEqual({});
    expect(performPanel('panelDown', undefined, panelState('log'), view)).toEqual({});
    expect(performPanel('panelDown', row, panelState('log'), null)).toEqual({});
  });
});
