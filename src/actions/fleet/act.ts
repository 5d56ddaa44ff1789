import { failureOf, failureText } from '../../operations/failure.ts';
import type { OcrStore } from '../../store/store.ts';
import { sayError } from '../feedback.ts';
import type { ActionPorts } from './action-ports.ts';

interface Work {
  text: string;
}

/** What is being done now, oldest first, and the text that it has put on the screen. */
interface Running {
  readonly works: Work[];
  shown: string | null;
}

const runningOf = new WeakMap<OcrStore, Running>();

/**
 * Does something while the screen says what; several may run at a time. Never rejects: what goes wrong is told in a toast, with its hints.
 * @param busy what is being done, such as `renaming on web1`; it begins the toast of a failure too
 * @param work is given what replaces that text while it goes on
 */
export async function act(
  ports: Pick<ActionPorts, 'store' | 'signal'>,
  busy: string,
  work: (tell: (text: string) => void) => Promise<void>,
): Promise<void> {
  const { store, signal } = ports;
  const running = runningOf.get(store) ?? { works: [], shown: null };
  runningOf.set(store, running);
  const own: Work = { text: busy };
  running.works.push(own);
  show(store, running);
  try {
    await work((text) => {
      own.text = text;
      show(store, running);
    });
  } catch (error) {
    // The dashboard ends: nobody is there to be told.
    if (!signal.aborted) tellFailure(store, busy, error);
  } finally {
    running.works.splice(running.works.indexOf(own), 1);
    show(store, running);
  }
}

/** Tells of a failure in a toast; its hints go to the error dialog. */
export function tellFailure(store: OcrStore, what: string, error: unknown): void {
  const { reason, lines } = failureOf(error);
  sayError(store, `${what}: ${reason}`, lines);
}

/**
 * Does what a form is for, until that is done, the form is left or the dashboard ends. What goes wrong is thrown as one line for the form, with the
 * first of its hints.
 */
export async function inForm<Result>(
  { signal }: Pick<ActionPorts, 'signal'>,
  left: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(AbortSignal.any([signal, left]));
  } catch (error) {
    throw new Error(failureText(error), { cause: error });
  }
}

/** The latest that was begun, or what others have put there. */
function show(store: OcrStore, running: Running): void {
  const last = running.works.at(-1);
  const others = running.works.length - 1;
  const text = last === undefined ? null : `${last.text}${others > 0 ? ` (and ${others} more)` : ''}`;
  // What somebody else shows is theirs to take away.
  if (text === null && store.getState().busy !== running.shown) {
    running.shown = null;
    return;
  }
  running.shown = text;
  store.setState({ busy: text });
}
