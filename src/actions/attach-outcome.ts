import type { Host } from '../domain/host.ts';
import { printable } from '../domain/printable.ts';
import type { Session } from '../domain/session.ts';
import { hintLinesOf, messageOf } from '../lib/errors.ts';
import { DIRECTORY_GONE, NO_PASSWORD, NO_RELAY, SERVER_NOT_PROVEN } from '../opencode/attach-command.ts';
import type { OcrStore } from '../store/store.ts';
import type { InteractiveExit } from '../transport/transport.ts';
import { say, sayError } from './feedback.ts';

/** How an attached program ended. */
export type AttachEnd =
  | { readonly kind: 'exit'; readonly exit: InteractiveExit; readonly lines: readonly string[] }
  | { readonly kind: 'error'; readonly error: unknown };

/** Lines of a program's last screen that go into the error dialog. */
const LAST_LINES = 10;
/** Lines of these that the toast shows. */
const TOAST_LINES = 2;
/** Characters of a title, so that the text after it is visible on a narrow terminal. */
const MAX_NAME_CHARS = 24;
/** A shell's exit status for a program ended by Ctrl-C. */
const INTERRUPTED = 130;

/** Reports that a program runs in the background, or is not shown yet. */
export function reportRunning(store: OcrStore, { title }: Session, was: 'left' | 'opened'): void {
  const name = [...printable(title)];
  const cut = name.length > MAX_NAME_CHARS ? `${name.slice(0, MAX_NAME_CHARS - 1).join('')}…` : name.join('');
  say(store, `"${cut}" ${was === 'left' ? 'keeps running; enter goes back' : 'is open; enter shows it'}`);
}

/** Reports that a program was ended because it never painted anything. */
export function reportFrozen(store: OcrStore, { label }: Host): void {
  say(store, `opencode on ${label} was frozen and has been ended; enter starts it again`);
}

/** Reports how a shown program ended, unless the user ended it. */
export function reportEnd(store: OcrStore, host: Host, session: Session, outcome: AttachEnd): void {
  if (outcome.kind === 'error') {
    const { error } = outcome;
    return sayError(store, `${host.label}: ${messageOf(error)}; enter attaches again`, hintLinesOf(error));
  }
  const problem = problemOf(host.label, session, outcome);
  if (problem !== null) sayError(store, problem.text, problem.lines);
}

/** Reports how a hidden program ended. */
export function reportHiddenEnd(store: OcrStore, host: Host, session: Session, outcome: AttachEnd): void {
  const name = `"${printable(session.title)}" on ${host.label}`;
  if (outcome.kind === 'error') {
    const { error } = outcome;
    return sayError(
      store,
      `${name} is no longer attached: ${messageOf(error)}; enter attaches again`,
      hintLinesOf(error),
    );
  }
  const problem = problemOf(host.label, session, outcome);
  if (problem === null) say(store, `${name} ended in the background; enter attaches again`);
  else sayError(store, `${name}: ${problem.text}; enter attaches again`, problem.lines);
}

/** Reports why a session could not be opened. */
export function reportOpenFailure(store: OcrStore, label: string, error: unknown): void {
  sayError(store, `${label}: ${messageOf(error)}`, hintLinesOf(error));
}

function problemOf(
  label: string,
  session: Session,
  { exit, lines }: Extract<AttachEnd, { kind: 'exit' }>,
): { readonly text: string; readonly lines: readonly string[] } | null {
  if (exit.code === DIRECTORY_GONE) {
    return { text: `the session's directory is gone on ${label}`, lines: [session.directory] };
  }
  const said = lines.slice(-LAST_LINES);
  if (exit.code === NO_PASSWORD) return { text: `the password of the server on ${label} cannot be read`, lines: said };
  if (exit.code === NO_RELAY) {
    const hint = ['ocr protects the password by a relay on the host, which this opencode cannot run.'];
    return { text: `opencode on ${label} is too old to attach to a server with a configured password`, lines: hint };
  }
  if (exit.code === SERVER_NOT_PROVEN) {
    return {
      text: `the server on ${label} is not proven to be yours: nothing was sent`,
      lines: said,
    };
  }
  const words = lastWords(said);
  if (exit.signal !== null) return { text: `opencode on ${label} was ended by ${exit.signal}${words}`, lines: said };
  if (exit.code === 0 || exit.code === INTERRUPTED) return null;
  return { text: `opencode on ${label} ended with exit status ${exit.code ?? 'unknown'}${words}`, lines: said };
}

/** Returns the end of a program's output, for a toast; empty if there is none. */
function lastWords(lines: readonly string[]): string {
  const words = lines.map((line) => line.trim()).filter((line) => /[\p{L}\p{N}]/u.test(line));
  return words.length === 0 ? '' : `: ${words.slice(-TOAST_LINES).join(' / ')}`;
}
