import { type Key, useInput, usePaste } from 'ink';
import { useMemo } from 'react';
import { sayHint } from '../../actions/feedback.ts';
import type { DialogDesk } from '../../actions/fleet/dialog-desk.ts';
import { printable } from '../../domain/printable.ts';
import { selectAttention } from '../../fleet/select-attention.ts';
import type { ScrollRoom } from '../../store/form/scroll.ts';
import type { Modal } from '../../store/modal.ts';
import type { SelectRows } from '../../store/select-rows.ts';
import { selectedIndex } from '../../store/view-transitions.ts';
import { formInputEvents } from '../form/form-key-event.ts';
import type { Binding, Mode } from './binding.ts';
import { BrokenSequence } from './broken-sequence.ts';
import { findBinding, modeOf } from './dispatch.ts';
import { characterKeyName, charactersOfRead, keyNameOf } from './key-name.ts';
import { type PerformContext, perform } from './perform.ts';

/** The colour in an answer to OSC 11. */
const TERMINAL_ANSWER = /rgba?:[0-9a-f]+\//i;
/** Modes in which letters are text. */
const TYPED: ReadonlySet<Mode> = new Set(['search', 'auth', 'form']);
/** Longest text that is searched for, in characters. */
const MAX_QUERY_CHARS = 200;

export interface KeysContext
  extends Pick<PerformContext, 'store' | 'actions' | 'desk' | 'pageSize' | 'helpLast' | 'triageLast' | 'panel'> {
  /** Receives input to the dialogs of actions. */
  readonly dialogs: DialogDesk;
  /** Returns the visible lines of a dialog. */
  readonly roomOf: (modal: Modal) => ScrollRoom;
  readonly bindings: readonly Binding[];
  readonly selectRows: SelectRows;
}

/** Dispatches keys: as text to the search box or the desk, or to their binding. */
export function useKeys(context: KeysContext): void {
  const { store, desk, dialogs, bindings, selectRows } = context;
  const broken = useMemo(() => new BrokenSequence(), []);
  const press = (keyName: string): boolean => {
    // Read again for each key: the screen may be some keys behind.
    const state = store.getState();
    const rows = selectRows(state);
    const row = rows[selectedIndex(rows, state.selected)];
    const items = selectAttention(state, Date.now());
    const found = findBinding(bindings, modeOf(state), keyName, { state, row, items });
    if (found === null) return false;
    if (found.disabled === null) perform(found.binding, { ...context, rows, row, items });
    else sayHint(store, found.disabled);
    return true;
  };
  /** Inserts text where letters are text; returns whether they are. */
  const type = (text: string): boolean => {
    const mode = modeOf(store.getState());
    if (mode === 'auth') desk.type(text);
    else if (mode === 'search') search(text);
    return mode === 'auth' || mode === 'search';
  };
  const search = (text: string) => {
    store.setState(({ query }) => ({ query: [...(query + printable(text))].slice(0, MAX_QUERY_CHARS).join('') }));
  };

  /** Passes a key to an action's dialog; returns whether one has the keyboard. */
  const toDialog = (keyName: string | null, text: string, key: Key): boolean => {
    const mode = modeOf(store.getState());
    if ((mode !== 'form' && mode !== 'dialog') || isEverywhere(keyName)) return false;
    if (Date.now() < store.getState().keysFrom || dialogs.isUnseen) return true;
    // An earlier key of the same read may have closed this dialog, or opened the next one.
    const isOpen = () =>
      modeOf(store.getState()) === mode && Date.now() >= store.getState().keysFrom && !dialogs.isUnseen;
    if (mode === 'form') {
      for (const event of formInputEvents(keyName, text, key)) if (isOpen()) dialogs.type(event);
      return true;
    }
    for (const name of keyName === null ? charactersOfRead(text).map(characterKeyName) : [keyName]) {
      if (name !== null && isOpen()) dialogs.press(name, context.roomOf);
    }
    return true;
  };

  const handle = (keyName: string | null, text: string, key: Pick<Key, 'ctrl' | 'meta'>) => {
    // An earlier key of the same read may change the target of the next ones.
    const { keysFrom, dialog } = store.getState();
    if (Date.now() < keysFrom) return;
    // Only Esc and Ctrl-C work before the host key is painted: no key may accept a key that the user has not seen.
    if (dialog !== null && desk.isUnseen && keyName !== 'esc' && !isEverywhere(keyName)) return;
    const isText = keyName === null || keyName === 'space' || [...keyName].length === 1;
    if (isText && !key.ctrl && !key.meta && type(text)) return;
    if (keyName !== null && (!key.meta || keyName === 'esc')) press(keyName);
  };

  useInput((input: string, key: Key) => {
    // In text input a bracket and a letter are plain text.
    if (broken.isRest(input, key, Date.now()) && !TYPED.has(modeOf(store.getState()))) return;
    const keyName = keyNameOf(input, key);
    if (!TERMINAL_ANSWER.test(input) && toDialog(keyName, input, key)) return;
    if (keyName !== null || key.ctrl || key.meta) return handle(keyName, input, key);
    // A late answer of the terminal to a startup query is not a key.
    if (TERMINAL_ANSWER.test(input)) return;
    // Keys that came in one read, as over a slow line.
    for (const character of charactersOfRead(input)) handle(characterKeyName(character), character, key);
  });
  usePaste((text) => {
    if (Date.now() < store.getState().keysFrom) return;
    if (modeOf(store.getState()) !== 'form') type(text);
    else if (!dialogs.isUnseen) dialogs.type({ kind: 'paste', text });
  });
}

/** True for a key that works the same in every mode. */
function isEverywhere(keyName: string | null): boolean {
  return keyName === 'ctrl+c' || keyName === 'ctrl+z' || keyName === 'ctrl+l';
}
