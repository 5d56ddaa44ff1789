import type { ActionPorts } from '../action-ports.ts';

/**
 * Returns the sequence that copies a text to the terminal's clipboard (xterm's control sequences, OSC 52). tmux accepts
 * the plain one with `set-clipboard`, and passes the wrapped one to its terminal with `allow-passthrough`.
 */
export function clipboardSequence(text: string, insideTmux: boolean): string {
  const copy = `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
  return insideTmux ? `${copy}\u001bPtmux;${copy.replaceAll('\u001b', '\u001b\u001b')}\u001b\\` : copy;
}

/** Copies a text by the terminal, which does not report whether it allowed that. */
export function copyText(ports: Pick<ActionPorts, 'writeToTerminal'>, text: string, environment = process.env): void {
  ports.writeToTerminal(clipboardSequence(text, Boolean(environment.TMUX)));
}

/** A note for the user about that. */
export const CLIPBOARD_NOTE = 'if the terminal allows OSC 52';
