import type { ActionPorts } from '../action-ports.ts';

/**
 * What puts a text into the clipboard of the terminal (xterm's control sequences, OSC 52). tmux takes the plain one where `set-clipboard` is on; where
 * `allow-passthrough` is on it hands the wrapped one to the terminal that it runs in.
 */
export function clipboardSequence(text: string, insideTmux: boolean): string {
  const copy = `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
  return insideTmux ? `${copy}\u001bPtmux;${copy.replaceAll('\u001b', '\u001b\u001b')}\u001b\\` : copy;
}

/** Copies a text by the terminal. Nobody is told whether that allows it. */
export function copyText(ports: Pick<ActionPorts, 'writeToTerminal'>, text: string, environment = process.env): void {
  ports.writeToTerminal(clipboardSequence(text, Boolean(environment.TMUX)));
}

/** What a person has to know of it. */
export const CLIPBOARD_NOTE = 'if the terminal allows OSC 52';
