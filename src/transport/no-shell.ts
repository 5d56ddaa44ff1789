import type { LastWords } from './last-words.ts';
import type { StartReport } from './shell-start.ts';
import { ANY_START_FILE, startFilesOf } from './start-files.ts';
import { type ExecResult, type InteractiveExit, type RunLimits, TransportError } from './transport.ts';

/** Milliseconds from which a shell's start counts as slow. */
const SLOW_START_MS = 6000;

/** Returns a note about an unusual start; `null` for a usual one. `took`: milliseconds. */
export function noteOf(report: StartReport, took: number): string | null {
  if (!report.replaced) {
    if (took < SLOW_START_MS) return null;
    return `start-up files take ${Math.round(took / 1000)}s at every command (look at ${startFilesOf(report.loginShell)})`;
  }
  return `the profile replaces the shell (look for exec in ${startFilesOf(report.loginShell)}); a plain sh took its place`;
}

/** Explains why a shell is gone; `started` is true if it ever ran. */
export function shellEnded(end: InteractiveExit | TransportError, started: boolean, words: LastWords): TransportError {
  if (end instanceof TransportError) {
    const hint = [end.hint, ...said(words)].filter((line) => line !== null).join('\n') || undefined;
    return new TransportError('closed', end.message, { hint, cause: end });
  }
  if (!started) return noShell(end, words);
  const how = end.signal ?? (end.code === null ? null : `exit status ${end.code}`);
  const message = `the shell ended${how === null ? '' : ` (${how})`}`;
  return new TransportError('closed', message, { hint: said(words).join('\n') || undefined });
}

/** Returns the error for a login that ended before a shell ran. */
function noShell({ code, signal }: InteractiveExit, words: LastWords): TransportError {
  const how = signal ?? (code === null ? 'no exit status' : `exit status ${code}`);
  if (words.silent) {
    return new TransportError('no-shell', `the login ends at once without output (${how})`, {
      hint: `If the account should have a shell, look for exec or exit in ${ANY_START_FILE}.`,
    });
  }
  return new TransportError('no-shell', words.reason(), {
    hint: [`The login runs no commands (${how}).`, ...said(words)].join('\n'),
  });
}

/** Returns the error for a host that printed something but never started a shell; `null` if it printed nothing. `waited`: milliseconds. */
export function silentStart(words: LastWords, waited: number): TransportError | null {
  if (words.silent) return null;
  return new TransportError('no-shell', words.reason(), {
    hint: [
      `No shell started within ${Math.round(waited / 1000)}s: the login runs something else, or a start-up file waits for input.`,
      ...said(words),
    ].join('\n'),
  });
}

const MARK = 'ocr:runs';

/** Limits of the command: milliseconds of silence, and bytes. */
const DIAGNOSIS_TIMEOUT_MS = 4000;
const MAX_DIAGNOSIS_BYTES = 2 ** 16;

export function diagnosisLimits(signal: AbortSignal): RunLimits {
  return { signal, idleTimeout: DIAGNOSIS_TIMEOUT_MS, maxBytes: MAX_DIAGNOSIS_BYTES };
}

/** A command without input that shows whether the login runs commands at all. */
export const DIAGNOSIS = `exec /bin/sh -c 'printf "\\n%s:%s=%s=\\n" ocr runs "$SHELL"'`;

/** Explains why a shell that reads scripts from its input does not start, by the result of DIAGNOSIS. */
export function explainDiagnosis({ code, stdout }: ExecResult): TransportError {
  const found = new RegExp(`\\n${MARK}=([^\\n]*)=\\n`).exec(stdout);
  if (found !== null) {
    const file = startFilesOf(found[1] ?? '');
    return new TransportError('no-shell', `the profile reads all input, so nothing can be run: look at ${file}`, {
      hint: `Commands over ssh get no input while ${file} reads it. Read only in interactive shells: case $- in *i*) … ;; esac`,
    });
  }
  return new TransportError('no-shell', 'the profile replaces the shell, so nothing can be run', {
    hint: `The login ended with ${code === null ? 'no exit status' : `exit status ${code}`} before the command ran, as with: ssh HOST true\nLook for exec in ${ANY_START_FILE}.`,
  });
}

/** Returns the host's words under a heading. */
function said(words: LastWords): string[] {
  return words.silent ? [] : ['The host said:', ...words.lines()];
}
