import type { LastWords } from './last-words.ts';
import type { StartReport } from './shell-start.ts';
import { ANY_START_FILE, startFilesOf } from './start-files.ts';
import { type ExecResult, type InteractiveExit, type RunLimits, TransportError } from './transport.ts';

/** Milliseconds from which the start of a shell is worth a word. */
const SLOW_START_MS = 6000;

/** What the user is told of a start that was not the usual one; `null` of one that was. `took`: milliseconds. */
export function noteOf(report: StartReport, took: number): string | null {
  if (!report.replaced) {
    if (took < SLOW_START_MS) return null;
    return `start-up files take ${Math.round(took / 1000)}s at every command (look at ${startFilesOf(report.loginShell)})`;
  }
  return `the profile replaces the shell (look for exec in ${startFilesOf(report.loginShell)}); a plain sh took its place`;
}

/** Why a shell is gone: `started` is whether it ever ran. */
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

/** The login ended before a shell ran. */
function noShell({ code, signal }: InteractiveExit, words: LastWords): TransportError {
  const how = signal ?? (code === null ? 'no exit status' : `exit status ${code}`);
  if (words.silent) {
    return new TransportError('no-shell', `the login ends at once and says nothing (${how})`, {
      hint: `If the account is to have a shell: something may end or replace it, as exec or exit do in ${ANY_START_FILE}.`,
    });
  }
  return new TransportError('no-shell', words.reason(), {
    hint: [`The login runs no commands (${how}).`, ...said(words)].join('\n'),
  });
}

/** What a host that printed something, but never started a shell, is taken for; `null` when it printed nothing. `waited`: milliseconds. */
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

/** Milliseconds of silence, and bytes, that the command may take. */
const DIAGNOSED_WITHIN = 4000;
const LONGEST_DIAGNOSIS = 2 ** 16;

export function diagnosisLimits(signal: AbortSignal): RunLimits {
  return { signal, idleTimeout: DIAGNOSED_WITHIN, maxBytes: LONGEST_DIAGNOSIS };
}

/** A command without input that tells whether the login runs commands at all. */
export const DIAGNOSIS = `exec /bin/sh -c 'printf "\\n%s:%s=%s=\\n" ocr runs "$SHELL"'`;

/** Why a shell that is to be fed by its input does not start, by what DIAGNOSIS came to. */
export function explainDiagnosis({ code, stdout }: ExecResult): TransportError {
  const found = new RegExp(`\\n${MARK}=([^\\n]*)=\\n`).exec(stdout);
  if (found !== null) {
    const file = startFilesOf(found[1] ?? '');
    return new TransportError('no-shell', `the profile reads all input, so nothing can be run: look at ${file}`, {
      hint: `Commands over ssh get no input while ${file} reads it. Have it do so only in interactive shells: case $- in *i*) … ;; esac`,
    });
  }
  return new TransportError('no-shell', 'the profile replaces the shell, so nothing can be run', {
    hint: `A command ended with ${code === null ? 'no exit status' : `exit status ${code}`} and never ran, as with: ssh HOST true\nLook for exec in ${ANY_START_FILE}.`,
  });
}

/** The host's words, introduced as such. */
function said(words: LastWords): string[] {
  return words.silent ? [] : ['The host said:', ...words.lines()];
}
