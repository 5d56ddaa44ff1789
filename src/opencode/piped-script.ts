import { portableScript, quoteArgument } from '../lib/shell-quote.ts';
import type { PtyMark } from '../transport/proven-pty.ts';
import type { PtyRequest, TerminalSize } from '../transport/transport.ts';

/** Exit status if the host has no program that makes a terminal (EX_UNAVAILABLE of sysexits.h). */
const NO_TERMINAL = 69;
const PYTHON = 'import pty, sys; sys.exit(pty.spawn(["/bin/sh", "-c", sys.argv[1]]) >> 8)';

/**
 * Returns POSIX sh that runs a script on a terminal created on the host: by `script` of util-linux, else by python3.
 * Since it is not an ssh terminal, profiles skip their ssh-only steps.
 */
export function onOwnTerminal(script: string, { word }: PtyMark, { columns, rows, term }: PtyRequest): string {
  const inner = [
    'SHELL=$OCR_SHELL TERM=$OCR_TERM',
    'export SHELL TERM',
    'unset OCR_SHELL OCR_TERM',
    `stty rows ${rows} cols ${columns}`,
    `printf '\\033_ocr:tty ${word} %s\\033\\\\' "$(tty)"`,
    script,
  ].join('\n');
  return [
    `OCR_SHELL=$SHELL OCR_TERM=${quoteArgument(term)} SHELL=/bin/sh`,
    'export OCR_SHELL OCR_TERM SHELL',
    `ocr_command=${quoteArgument(portableScript(inner))}`,
    'case $(script --version 2>/dev/null) in *util-linux*) exec script -qefc "$ocr_command" /dev/null ;; esac',
    `if command -v python3 >/dev/null 2>&1; then exec python3 -c ${quoteArgument(PYTHON)} "$ocr_command"; fi`,
    `echo 'the host has no program that creates a terminal (script of util-linux, python3)' >&2`,
    `exit ${NO_TERMINAL}`,
  ].join('\n');
}

/** Matches the name of the script's terminal, as the first group. */
export function terminalName({ word }: PtyMark): RegExp {
  return new RegExp(`\\u001b_ocr:tty ${word} (/dev/[\\w./-]+)\\u001b\\\\`);
}

/** POSIX sh that sets the size of a terminal. */
export function sizeScript(terminal: string, { columns, rows }: TerminalSize): string {
  return `stty rows ${Math.trunc(rows)} cols ${Math.trunc(columns)} <${quoteArgument(terminal)}`;
}
