import { messageOf } from '../../lib/errors.ts';
import { type ConfirmState, confirmReduce } from '../../store/form/confirm.ts';
import type { Candidate } from '../../store/form/field.ts';
import type { FormEvent, FormState } from '../../store/form/form.ts';
import { formReduce } from '../../store/form/form-reduce.ts';
import type { FormValues } from '../../store/form/form-values.ts';
import { type PagerState, pagerReduce } from '../../store/form/pager.ts';
import { type ResultState, type RowOutcome, resultReduce, withOutcome } from '../../store/form/results.ts';
import type { ScrollRoom } from '../../store/form/scroll.ts';
import { loadFuzzySearch } from '../../store/form/search-list.ts';
import type { Modal } from '../../store/modal.ts';
import type { OcrStore } from '../../store/store.ts';
import { dropLateKeys, TYPED_BLINDLY } from '../late-keys.ts';

/** Time after a key in which a dialog is expected by the user. */
const EXPECTED_WITHIN_MS = 500;
/** Milliseconds after the first paint of a question in which a key is ignored: it was meant for the previous screen, or is held too long. */
const UNREAD_MS = 250;

/** The work behind a form. */
export interface FormWork<Result> {
  /** Text shown meanwhile, such as "creating the session". */
  readonly busy: string;
  /** Carries it out. A rejection is shown in the form, which keeps the typed values. */
  submit(values: FormValues, signal: AbortSignal): Promise<Result>;
  /** Returns candidates for a field that is completed from outside. */
  complete?(field: string, value: string, signal: AbortSignal): Promise<Completion>;
  /** Called once the form is open, with a function that delivers late lists. A rejection is shown in the form. */
  load?(feed: (event: FormEvent) => void, signal: AbortSignal): Promise<void>;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Why there are none, or not all. */
  readonly note?: string;
}

/** A list of results that is filled while things are being done. */
export interface Results {
  set(index: number, outcome: RowOutcome, reason: string | null): void;
}

/** One dialog on the stack, with the handlers of its keys. */
interface Open {
  modal: Modal;
  /** True until the screen has shown it. */
  isUnseen: boolean;
  /** Ends it; the first call counts. */
  readonly close: () => void;
  readonly onForm?: (event: FormEvent) => void;
  readonly onChoose?: (key: string) => void;
}

/** Shows dialogs on top of each other, and passes the user's input to their callers. */
export class DialogDesk {
  readonly #store: OcrStore;
  #open: Open[] = [];
  /** When the user last did something that may open a dialog, epoch milliseconds. */
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(store: OcrStore) {
    this.#store = store;
  }

  /** Shows a form until it was carried out or left. Resolves to its result; to `null` if it was left. */
  form<Result>(form: FormState, work: FormWork<Result>): Promise<Result | null> {
    return new Promise((resolve) => {
      const stop = new AbortController();
      const open: Open = {
        modal: { kind: 'form', form },
        isUnseen: true,
        close: () => {
          stop.abort();
          this.#remove(open);
          resolve(null);
        },
        onForm: (event) => apply(event),
      };
      const apply = (event: FormEvent) => {
        if (open.modal.kind !== 'form' || stop.signal.aborted) return;
        const { state, effect } = formReduce(open.modal.form, event);
        open.modal = { kind: 'form', form: state };
        this.#show();
        if (effect?.kind === 'cancel') open.close();
        else if (effect?.kind === 'submit') void submit(effect.values);
        else if (effect?.kind === 'complete') void complete(effect.field, effect.value);
      };
      const submit = async (values: FormValues) => {
        apply({ kind: 'busy', text: work.busy });
        try {
          const result = await work.submit(values, stop.signal);
          this.#remove(open);
          resolve(result);
        } catch (error) {
          apply({ kind: 'failed', text: messageOf(error) });
        }
      };
      const complete = async (field: string, value: string) => {
        const found = await work.complete?.(field, value, stop.signal).catch((error: unknown) => {
          return { candidates: [], note: messageOf(error) };
        });
        if (found !== undefined) apply({ kind: 'completed', field, value, ...found });
      };
      this.#push(open);
      // Without it, the form's lists are searched as typed.
      loadFuzzySearch().catch(() => {});
      work.load?.(apply, stop.signal).catch((error: unknown) => apply({ kind: 'failed', text: messageOf(error) }));
    });
  }

  /** Asks. Resolves to the key of the option that was chosen; to `null` when none was. */
  confirm(confirm: ConfirmState): Promise<string | null> {
    return new Promise((resolve) => {
      const settle = (key: string | null) => {
        this.#remove(open);
        resolve(key);
      };
      const modal: Modal = { kind: 'confirm', confirm };
      const open: Open = { modal, isUnseen: true, close: () => settle(null), onChoose: settle };
      this.#push(open);
    });
  }

  /** Shows the outcomes of a bulk operation until the user closes the list; the operation goes on regardless. */
  results(results: ResultState): Results {
    const open: Open = { modal: { kind: 'results', results }, isUnseen: true, close: () => this.#remove(open) };
    this.#push(open);
    return {
      set: (index, outcome, reason) => {
        if (open.modal.kind !== 'results') return;
        open.modal = { kind: 'results', results: withOutcome(open.modal.results, index, outcome, reason) };
        this.#show();
      },
    };
  }

  /** Shows lines to read. */
  pager(pager: PagerState): void {
    const open: Open = { modal: { kind: 'pager', pager }, isUnseen: true, close: () => this.#remove(open) };
    this.#push(open);
  }

  /** A key was pressed that begins an action: the dialog that it opens is awaited. */
  began(): void {
    this.#askedAt = Date.now();
  }

  /** True while the dialog on top asks something but is not painted yet: no key can answer it. */
  get isUnseen(): boolean {
    const open = this.#open.at(-1);
    return open?.isUnseen === true && isRead(open.modal);
  }

  /** Starts the time to read this dialog: the screen shows it now. */
  painted(modal: Modal): void {
    const open = this.#open.find((one) => one.modal === modal);
    if (open === undefined || !open.isUnseen) return;
    open.isUnseen = false;
    if (isRead(modal)) dropLateKeys(this.#store, UNREAD_MS);
  }

  /** Something was typed in the form on top. */
  type(event: FormEvent): void {
    this.began();
    this.#open.at(-1)?.onForm?.(event);
  }

  /** Handles a key in a dialog that is not a form; `roomOf` returns its visible lines. */
  press(keyName: string, roomOf: (modal: Modal) => ScrollRoom): void {
    const open = this.#open.at(-1);
    if (open === undefined || open.modal.kind === 'form') return;
    this.began();
    const { modal } = open;
    const room = roomOf(modal);
    switch (modal.kind) {
      case 'confirm': {
        const { state, effect } = confirmReduce(modal.confirm, keyName, room);
        open.modal = { kind: 'confirm', confirm: state };
        if (effect?.kind === 'choose') return open.onChoose?.(effect.key);
        return effect === null ? this.#show() : open.close();
      }
      case 'results': {
        const { state, effect } = resultReduce(modal.results, keyName, room);
        open.modal = { kind: 'results', results: state };
        return effect === null ? this.#show() : open.close();
      }
      case 'pager': {
        const { state, effect } = pagerReduce(modal.pager, keyName, room);
        open.modal = { kind: 'pager', pager: state };
        return effect === null ? this.#show() : open.close();
      }
    }
  }

  /** Leaves every dialog. */
  close(): void {
    for (const open of [...this.#open].reverse()) open.close();
  }

  /** A dialog that opens by itself must not take keys meant for the view below. */
  #push(open: Open): void {
    const { dialog, input } = this.#store.getState();
    const isElsewhere = this.#open.length > 0 || dialog !== null || input !== null;
    const isSurprise = isElsewhere || Date.now() - this.#askedAt > EXPECTED_WITHIN_MS;
    if (isSurprise) dropLateKeys(this.#store, TYPED_BLINDLY);
    else if (isRead(open.modal)) dropLateKeys(this.#store, UNREAD_MS);
    this.#open = [...this.#open, open];
    this.#show();
  }

  #remove(open: Open): void {
    if (!this.#open.includes(open)) return;
    this.#open = this.#open.filter((other) => other !== open);
    this.#show();
  }

  #show(): void {
    this.#store.setState({ modal: this.#open.at(-1)?.modal ?? null });
  }
}

/** True if the user must read it before a key counts. Text typed right after the key of another form is meant for that form. */
function isRead(modal: Modal): boolean {
  return modal.kind !== 'form' || modal.form.destroys !== null;
}
