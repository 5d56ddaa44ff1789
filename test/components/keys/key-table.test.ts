import { describe, expect, it } from 'vitest';
import type { BindingContext } from '../../../src/components/keys/binding.ts';
import { DEFAULT_BINDINGS } from '../../../src/components/keys/bindings.ts';
import { findBinding } from '../../../src/components/keys/dispatch.ts';
import { type KeySettings, KeyTable } from '../../../src/components/keys/key-table.ts';
import { sessionKey } from '../../../src/store/keys.ts';
import type { Row } from '../../../src/store/rows.ts';
import { initialState } from '../../../src/store/state.ts';
import { answered, SETTINGS } from '../../support/builders.ts';
import { hostRow, sessionRow } from '../inspect/open-panel.ts';

const EMPTY: BindingContext = { state: initialState(SETTINGS, false), row: undefined, items: [] };
const table = (settings: Partial<KeySettings>) =>
  new KeyTable({ chosen: {}, lines: {}, filters: [], commands: [], ...settings }, 'ocr.yaml');
const nameOf = (keys: KeyTable, key: string, context = EMPTY) =>
  findBinding(keys.bindings, 'list', key, context)?.binding.name;

describe('the table of keys', () => {
  it('has the defaults, without conflicts', () => {
    expect(table({}).bindings).toEqual(DEFAULT_BINDINGS);
    expect(table({}).conflicts).toEqual([]);
  });

  it('takes a key from the default that has it, and names both sides and the line', () => {
    const keys = table({ chosen: { refresh: ['p'] }, lines: { refresh: 7 } });
    expect(nameOf(keys, 'p')).toBe('refresh');
    expect(keys.conflicts).toEqual([
      'ocr.yaml:7: p is the key of refresh (line 7) and prompt (default); it is off for prompt',
    ]);
  });

  it('leaves a key with the first of two lines that want it', () => {
    const keys = table({ chosen: { stop: ['ctrl+y'], refresh: ['ctrl+y'] }, lines: { stop: 9, refresh: 4 } });
    expect(nameOf(keys, 'ctrl+y')).toBe('refresh');
    expect(keys.conflicts).toEqual([
      'ocr.yaml:9: ctrl+y is the key of refresh (line 4) and stop (line 9); it is off for stop',
    ]);
  });

  it('unbinds an action with an empty list, so that another may have its key', () => {
    const keys = table({ chosen: { prompt: [], refresh: ['p'] }, lines: { prompt: 3, refresh: 4 } });
    expect([nameOf(keys, 'p'), keys.conflicts]).toEqual(['refresh', []]);
    expect(keys.bindings.find(({ name }) => name === 'prompt')?.keys).toEqual([]);
  });

  it('lets two actions share a key that never meet in one view', () => {
    const keys = table({ chosen: { show_in_tree: ['O'] }, lines: { show_in_tree: 2 } });
    expect(keys.conflicts).toEqual([]);
  });

  it('follows a configuration that changes', () => {
    const keys = table({ chosen: { quit: ['x'] }, lines: { quit: 1 } });
    expect(keys.conflicts).toHaveLength(1);
    keys.replace({ chosen: {}, lines: {}, filters: [], commands: [] }, 'ocr.yaml');
    expect([nameOf(keys, 'q'), keys.conflicts]).toEqual(['quit', []]);
  });
});

describe("the user's own bindings", () => {
  const filters = [
    { name: 'mine', filter: 'agent:build', key: 'm' },
    { name: 'rest', filter: 'state:\u001bidle', key: null },
  ];

  it("apply a saved filter by ' and its key; one without a key is still listed", () => {
    const keys = table({ filters });
    expect(findBinding(keys.bindings, 'list', "' m", EMPTY)?.binding).toMatchObject({
      ...{ action: 'applyFilter', argument: 'agent:build', hint: 'Filter: mine', group: 'yours' },
      description: 'Apply the filter agent:build.',
    });
    expect(keys.bindings.find(({ name }) => name === 'rest')).toMatchObject({ keys: [] });
    expect(JSON.stringify(keys.bindings.find(({ name }) => name === 'rest')?.description)).not.toContain('u001b');
  });

  it('take a key from a default, and say so', () => {
    const keys = table({ commands: [{ name: 'history', label: 'Git log', keys: ['p'], scope: 'session' }] });
    expect(nameOf(keys, 'p')).toBe('history');
    expect(keys.conflicts).toEqual(['p is the key of history (yours) and prompt (default); it is off for prompt']);
  });

  const session = sessionRow();
  const host = hostRow(answered('web1', []));
  const project = { ...session, kind: 'project', project: { path: '/srv', sessions: [] } } as unknown as Row;
  const group: Row = { kind: 'group', key: 'x', name: 'x', entries: [], expanded: true };
  it.each([
    ['session', [null, 'Select a session first', 'Select a session first', 'Select a session first']],
    ['project', [null, null, 'Select a project first', 'Select a project first']],
    ['host', [null, null, null, 'Select a host first']],
    ['fleet', [null, null, null, null]],
  ] as const)('for a %s work on its rows, and say what to select elsewhere', (scope, expected) => {
    const { bindings } = table({ commands: [{ name: 'own', label: 'Own', keys: ['ctrl+y'], scope }] });
    const own = bindings.find(({ name }) => name === 'own')!;
    const why = (row: Row | undefined) => own.disabled?.({ ...EMPTY, row }) ?? null;
    expect([session, project, host, group].map(why)).toEqual(expected);
  });

  it('for sessions work on marked ones, whatever row is selected', () => {
    const { bindings } = table({ commands: [{ name: 'own', label: 'Own', keys: [], scope: 'session' }] });
    const state = { ...EMPTY.state, marked: new Set([sessionKey('web1', 'ses_1')]) };
    expect(bindings.find(({ name }) => name === 'own')?.disabled?.({ ...EMPTY, state, row: host })).toBeNull();
  });
});
