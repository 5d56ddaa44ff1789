import { formInputEvents } from '../../../src/components/form/form-key-event.ts';
import { keyNameOf } from '../../../src/components/keys/key-name.ts';
import {
  createForm,
  type FieldSpec,
  type FormEffect,
  type FormEvent,
  type FormState,
} from '../../../src/store/form/form.ts';
import { formReduce } from '../../../src/store/form/form-reduce.ts';

type Key = Parameters<typeof keyNameOf>[1];

/** A key as Ink would give it: `enter`, `alt+enter`, `shift+tab`, `ctrl+left`, `ctrl+a`, `x`. */
export function pressed(name: string): FormEvent[] {
  const [last = '', ...held] = name.split('+').reverse();
  const modifiers = { ctrl: held.includes('ctrl'), meta: held.includes('alt'), shift: held.includes('shift') };
  const field = NAMED[last];
  const key = { ...modifiers, ...(field === undefined ? {} : { [field]: true }) } as Key;
  const input = field === undefined ? (last === 'space' ? ' ' : last) : '';
  return formInputEvents(keyNameOf(input, key), input, key);
}

const NAMED: Readonly<Record<string, keyof Key>> = {
  enter: 'return',
  tab: 'tab',
  esc: 'escape',
  up: 'upArrow',
  down: 'downArrow',
  left: 'leftArrow',
  right: 'rightArrow',
  home: 'home',
  end: 'end',
  pgup: 'pageUp',
  pgdn: 'pageDown',
  backspace: 'backspace',
  delete: 'delete',
};

/** A form that a test plays with. */
export function play(fields: readonly FieldSpec[], rest: { readonly focus?: string } = {}) {
  let state = createForm({ title: 'New session', submitLabel: 'create', fields, ...rest });
  const effects: FormEffect[] = [];
  const send = (...events: FormEvent[]) => {
    for (const event of events) {
      const step = formReduce(state, event);
      state = step.state;
      if (step.effect !== null) effects.push(step.effect);
    }
  };
  return {
    send,
    press: (...names: string[]) => send(...names.flatMap(pressed)),
    type: (text: string) => send(...[...text].map((character): FormEvent => ({ kind: 'type', text: character }))),
    paste: (text: string) => send({ kind: 'paste', text }),
    effects,
    get state(): FormState {
      return state;
    },
    get focused() {
      return state.fields[state.focused]?.name;
    },
    /** The text of a field with the cursor as `|`. */
    text: (name: string) => {
      const field = state.fields.find((other) => other.name === name);
      if (field === undefined || field.kind === 'toggle') throw new Error(`no text in ${name}`);
      const { text, cursor } = field.editor;
      return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
    },
    /** The values that were given away last. */
    values: () => {
      const last = effects.at(-1);
      return last?.kind === 'submit' ? last.values : null;
    },
  };
}
