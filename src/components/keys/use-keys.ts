import { type Key, useInput, usePaste } from 'ink';
import { useEffect, useMemo } from 'react';
import { sayHint } from '../../actions/feedback.ts';
import type { DialogDesk } from '../../actions/fleet/dialog-desk.ts';
import { noteAction } from '../../actions/note-action.ts';
import { printable } from '../../domain/printable.ts';
import { selectAttention } from '../../fleet/select-attention.ts';
import { EDIT_KEYS, type EditKey } from '../../store/form/editor.ts';
import type { FormKey } from '../../store/form/field.ts';
import type { ScrollRoom } from '../../store/form/scroll.ts';
import type { Modal } from '../../store/modal.ts';
import type { SelectRows } from '../../store/select-rows.ts';
import { inTriageOrder } from '../../store/triage.ts';
import { inputEdited, inputTyped } from '../../store/typed-line.ts';
import { selectedRow } from '../../store/view-transitions.ts';
import { type Choices, choicesOf } from '../command/choices.ts';
import type { CommandPorts } from '../command/command.ts';
import { runCommandLine } from '../command/commands.ts';
import { formInputEvents, type Modifiers } from '../form/form-key-event.ts';
import { helpEntries, helpSections } from '../help.ts';
import type { Binding, BindingContext, Mode } from './binding.ts';
import { BrokenSequence } from './broken-sequence.ts';
import { Chords } from './chords.ts';
import { findBinding, modeOf } from './dispatch.ts';
import { characterKeyName, charactersOfRead, keyNameOf } from './key-name.ts';
import { perform } from './perform.ts';
import type { PerformContext } from './perform-context.ts';

/** The colour in an answer to OSC 11. */
const TERMINAL_ANSWER = /rgba?:[0-9a-f]+\//i;
const NO_MODIFIERS: Modifiers & Pick<Key, 'meta'> = { ctrl: false, meta: false, shift: false };
/** Modes in which letters are text. */
const TYPED: ReadonlySet<Mode> = new Set(['filter', 'command', 'help', 'auth', 'form']);

export interface KeysContext extends Pick<PerformContext, 'store' | 'actions' | 'desk' | 'pageSize' | 'panel'> {
  /** Receives input to the dialogs of actions. */
  readonly dialogs: DialogDesk;
  /** Returns the visible lines of a dialog. */
  readonly roomOf: (modal: Modal) => ScrollRoom;
  /** Returns the first line of the selected session's request when its end is visible. */
  readonly requestLast: () => number;
  readonly bindings: readonly Binding[];
  readonly selectRows: SelectRows;
  readonly commands: Omit<CommandPorts, 'run' | 'say' | 'fail'>;
  /** Names of the themes. */
  readonly themes: readonly string[];
  /** Milliseconds that a key waits for the rest of a chord. */
  readonly chordWait: number;
}

/** Dispatches keys: as text to what is typed, or to their binding. */
export function useKeys(context: KeysContext): { readonly press: (keyName: string) => void } {
  const { store, desk, dialogs } = context;
  const broken = useMemo(() => new BrokenSequence(), []);
  const chords = useMemo(() => new Chords(store), [store]);
  useEffect(() => () => chords.close(), [chords]);
  const press = (keyName: string): boolean => {
    const found = chords.press(keyName, modeOf(store.getState()), () => lookAround(context), {
      bindings: context.bindings,
      chordWait: context.chordWait,
      perform: (binding) => act(binding, context),
    });
    if (found === 'waits') return true;
    if (found === null) return false;
    if (typeof found === 'string') sayHint(store, found);
    else act(found, context);
    return true;
  };
  /** Inserts text where letters are text; returns whether they are. */
  const type = (text: string): boolean => {
    const state = store.getState();
    const mode = modeOf(state);
    if (mode === 'auth') desk.type(text);
    else if (mode === 'filter' || mode === 'command') store.setState(inputTyped(printable(text)));
    else if (mode === 'help' && state.help !== null)
      store.setState({ help: { ...state.help, query: state.help.query + printable(text), selected: 0 } });
    else return false;
    return true;
  };
  /** Applies an editing key to the line that is typed; returns whether it was one. */
  const edit = (keyName: string | null, text: string, key: Key): boolean => {
    const { input, help } = store.getState();
    const mode = modeOf(store.getState());
    if (mode === 'help' && help !== null && !help.isBinding && (keyName === 'backspace' || keyName === 'ctrl+u')) {
      store.setState({
        help: { ...help, query: keyName === 'ctrl+u' ? '' : [...help.query].slice(0, -1).join(''), selected: 0 },
      });
      return true;
    }
    if (input === null || (mode !== 'filter' && mode !== 'command') || isEverywhere(keyName)) return false;
    if (keyName !== null && findBinding(context.bindings, mode, keyName, lookAround(context)) !== null) return false;
    for (const event of formInputEvents(keyName, text, key)) {
      if (event.kind === 'type') type(event.text);
      else if (event.kind === 'key' && isEditKey(event.key)) store.setState(inputEdited(event.key));
      // Text and Enter that came in one read.
      else if (event.kind === 'key' && keyName === null && event.key in LATER_KEYS)
        press(LATER_KEYS[event.key as keyof typeof LATER_KEYS]);
    }
    return true;
  };

  /** Passes a key to an action's dialog; returns whether one has the keyboard. */
  const toDialog = (keyName: string | null, text: string, key: Modifiers): boolean => {
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
    const { keysFrom, dialog, help } = store.getState();
    if (Date.now() < keysFrom) return;
    if (help?.isBinding && keyName !== null && !isEverywhere(keyName)) return bindKey(keyName, context);
    // Only Esc and Ctrl-C work before the host key is painted: no key may accept a key that the user has not seen.
    if (dialog !== null && desk.isUnseen && keyName !== 'esc' && !isEverywhere(keyName)) return;
    const isText = keyName === null || keyName === 'space' || [...keyName].length === 1;
    if (isText && !key.ctrl && !key.meta && type(text)) return;
    if (keyName !== null) press(keyName);
  };

  /** A click on the name of a key: to the dialog on top, else to its binding. */
  const pressAsKeyboard = (keyName: string): void => {
    const named = keyName === '↑↓' ? 'down' : keyName;
    if (!toDialog(named, '', NO_MODIFIERS)) handle(named, named, NO_MODIFIERS);
  };

  useInput((input: string, key: Key) => {
    // In text input a bracket and a letter are plain text.
    if (broken.isRest(input, key, Date.now()) && !TYPED.has(modeOf(store.getState()))) return;
    // A late answer of the terminal to a startup query is not a key.
    if (TERMINAL_ANSWER.test(input)) return;
    const keyName = keyNameOf(input, key);
    if (toDialog(keyName, input, key)) return;
    store.setState({ keyAt: Date.now() });
    if (edit(keyName, input, key)) return;
    if (keyName !== null || key.ctrl || key.meta) return handle(keyName, input, key);
    // Keys that came in one read, as over a slow line.
    for (const character of charactersOfRead(input)) handle(characterKeyName(character), character, key);
  });
  usePaste((text) => {
    if (Date.now() < store.getState().keysFrom) return;
    if (modeOf(store.getState()) !== 'form') type(text);
    else if (!dialogs.isUnseen) dialogs.type({ kind: 'paste', text });
  });
  return { press: (keyName) => pressAsKeyboard(keyName) };
}

/** Keys of a form, by their names where a line is typed. */
const LATER_KEYS = { enter: 'enter', tab: 'tab', cancel: 'esc' } as const;

const isEditKey = (key: FormKey): key is EditKey => (EDIT_KEYS as readonly string[]).includes(key);

/** Returns the state that decides what a key does. Read again for each key: the screen may be some keys behind. */
function lookAround({ store, selectRows }: KeysContext): BindingContext & { rows: PerformContext['rows'] } {
  const state = store.getState();
  const rows = selectRows(state);
  return { state, rows, row: selectedRow(rows, state), items: inTriageOrder(selectAttention(state, Date.now())) };
}

/** Performs a binding, or says why it is disabled. */
function act(binding: Binding, context: KeysContext): void {
  const { store, bindings, themes } = context;
  const around = lookAround(context);
  const disabled = binding.disabled?.(around) ?? null;
  if (disabled !== null) return sayHint(store, disabled);
  const { state } = around;
  noteAction(binding.name);
  const run = (one: Binding) => act(one, context);
  const below = modeOf({ ...state, help: null });
  const commandContext = { state, bindings, themes };
  const ports = {
    ...context.commands,
    run,
    say: (text: string) => sayHint(store, text),
    fail: (text: string) => sayHint(store, text),
  };
  perform(binding, {
    ...context,
    ...around,
    run,
    requestLast: context.requestLast(),
    helped: state.help === null ? [] : helpEntries(helpSections(bindings, below, around)),
    choices: choicesHere(context, state),
    runCommand: (text) => {
      const change = runCommandLine(text, { ...commandContext, state: store.getState() }, ports);
      if (change !== null) store.setState(change);
    },
  });
}

function choicesHere({ bindings, themes }: KeysContext, state: BindingContext['state']): Choices {
  return choicesOf(state.input, { state, bindings, themes });
}

/** Gives the selected action of the help another key; Esc leaves it as it is. */
function bindKey(keyName: string, context: KeysContext): void {
  const { store, bindings, commands } = context;
  const around = lookAround(context);
  const { help } = around.state;
  store.setState({ help: help && { ...help, isBinding: false } });
  if (keyName === 'esc' || help === null) return;
  const below = modeOf({ ...around.state, help: null });
  const entry = helpEntries(helpSections(bindings, below, around))[help.selected];
  if (entry !== undefined) commands.bindKey(entry.binding.name, keyName);
}

/** True for a key that works the same in every mode. */
function isEverywhere(keyName: string | null): boolean {
  return keyName === 'ctrl+c' || keyName === 'ctrl+z' || keyName === 'ctrl+l';
}
