import { failureOf, failureText } from '../../operations/failure.ts';
import type { OcrStore } from '../../store/store.ts';
import { sayError } from '../feedback.ts';
import type { ActionPorts } from './action-ports.ts';

interface Work {
  text: string;
}

/** The work in progress, oldest first, and the text that it shows. */
interface Running {
  readonly works: Work[];
  shown: string | null;
}

const runningOf = new WeakMap<OcrStore, Running>();

/**
 * Runs work while the screen shows its progress; several may run at a time. Never rejects: failures become toasts, with
 * their hints.
 *
 * @param busy describes the work, such as `renaming on web1`; a failure's toast starts with it too
 * @param work receives a function that replaces that text
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
    // The dashboard is ending and cannot show it.
    if (!signal.aborted) reportFailure(store, busy, error);
  } finally {
    running.works.splice(running.works.indexOf(own), 1);
    show(store, running);
  }
}

/** Reports a failure in a toast; its hints go to the error dialog. */
export function reportFailure(store: OcrStore, what: string, error: unknown): void {
  const { reason, lines } = failureOf(error);
  sayError(store, `${what}: ${reason}`, lines);
}

/**
 * Carries a form out until it is done, the form is left, or the dashboard ends. Rethrows failures as one line for the
 * form, with the first hint.
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

/** Shows the latest work, unless other code has set the text. */
function show(store: OcrStore, running: Running): void {
  const last = running.works.at(-1);
  const others = running.works.length - 1;
  const text = last === undefined ? null : `${last.text}${others > 0 ? ` (and ${others} more)` : ''}`;
  // Text of other code is not ours to remove.
  if (text === null && store.getState().busy !== running.shown) {
    running.shown = null;
    return;
  }
  running.shown = text;
  store.setState({ busy: text });
}
