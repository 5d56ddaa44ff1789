import type { Host } from '../domain/host.ts';
import { printable } from '../domain/printable.ts';
import type { Session } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { messageOf } from '../lib/errors.ts';
import { attachCommand, DIRECTORY_GONE } from '../opencode/attach-command.ts';
import type { OcrStore } from '../store/store.ts';
import { type InteractiveExit, type Terminal, type Transport, TransportError } from '../transport/transport.ts';
import { say, sayError } from './feedback.ts';
import { dropLateKeys } from './late-keys.ts';

export interface AttachPorts {
  readonly store: OcrStore;
  readonly terminal: Terminal;
  /** Ends an attach when the dashboard ends. */
  readonly signal: AbortSignal;
  /** Asks a host again; `null` when that failed. */
  refreshHost(alias: string): Promise<Snapshot | null>;
  /** The open connection of a host. Rejects with a TransportError. */
  openTransport(host: Host): Promise<Transport>;
  /** Takes the terminal from the dashboard while the callback runs. */
  suspendTerminal(callback: () => Promise<void>): Promise<void>;
}

/**
 * Switches off what a full-screen program that was cut short leaves on: mouse and focus reports, bracketed paste, the kitty keyboard, synchronised
 * output, a hidden cursor, colours (xterm's control sequences, and the kitty keyboard protocol).
 */
const RESET_TERMINAL =
  '\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?1004l\u001b[?2004l\u001b[?2026l\u001b[<u\u001b[>4;0m\u001b[?25h\u001b[0m';

/** Leaves the alternate screen. Only after a program that did not do so itself: elsewhere it would move the cursor. */
const LEAVE_ALTERNATE_SCREEN = '\u001b[?1049l';

/**
 * Hands the terminal to opencode on a session's host until it ends, and asks the host again. The host is asked first, so that a session that is
 * gone is said to be, and a dead connection is found before the screen is given away. What goes wrong becomes a toast.
 */
export async function attachSession(ports: AttachPorts, alias: string, sessionId: string): Promise<void> {
  const { store } = ports;
  const entry = store.getState().entries.get(alias);
  if (entry === undefined || store.getState().busy !== null) return;
  const { host } = entry;
  store.setState({ busy: `opening the session on ${host.label}` });
  try {
    const snapshot = await ports.refreshHost(alias);
    if (snapshot === null) return sayError(store, `${host.label} cannot be reached`, failureLines(store, alias));
    const session = snapshot.sessions.find(({ id }) => id === sessionId);
    if (session === undefined) return say(store, 'that session is gone');
    const transport = await ports.openTransport(store.getState().entries.get(alias)?.host ?? host);
    const exit = await runAttached(ports, transport, snapshot.opencode.path, session);
    store.setState({ busy: null });
    await ports.refreshHost(alias);
    sayExit(store, host, session, exit);
  } catch (error) {
    const hint = error instanceof TransportError && error.hint !== null ? error.hint.split('\n') : [];
    sayError(store, `${host.label}: ${messageOf(error)}`, hint);
    void ports.refreshHost(alias);
  } finally {
    store.setState({ busy: null });
  }
}

async function runAttached(
  ports: AttachPorts,
  transport: Transport,
  opencodePath: string,
  session: Session,
): Promise<InteractiveExit> {
  const command = attachCommand(opencodePath, session);
  const { stdout } = ports.terminal;
  let exit: InteractiveExit = { code: null, signal: null };
  await ports.suspendTerminal(async () => {
    stdout.write(`opening "${printable(session.title)}"\r\n`);
    try {
      exit = await transport.pty(command, ports.terminal, ports.signal);
    } finally {
      if (exit.code !== 0) stdout.write(LEAVE_ALTERNATE_SCREEN);
      stdout.write(RESET_TERMINAL);
      dropLateKeys(ports.store);
    }
  });
  return exit;
}

function sayExit(store: OcrStore, host: Host, session: Session, exit: InteractiveExit): void {
  if (exit.code === DIRECTORY_GONE) {
    sayError(store, `the session's directory is gone on ${host.label}`, [session.directory]);
  } else if (exit.signal !== null) {
    sayError(store, `opencode on ${host.label} was ended by ${exit.signal}`, []);
  } else if (exit.code !== 0 && exit.code !== 130) {
    sayError(store, `opencode on ${host.label} ended with exit status ${exit.code ?? 'unknown'}`, []);
  }
}

function failureLines(store: OcrStore, alias: string): string[] {
  const failure = store.getState().entries.get(alias)?.failure;
  return failure ? [failure.reason, ...(failure.hint?.split('\n') ?? [])] : [];
}
