import { onAbort } from '../lib/abort.ts';
import { PipedPty } from '../transport/piped-pty.ts';
import type { Pty, PtyRequest, RunLimits, TerminalSize, Transport } from '../transport/transport.ts';
import { onOwnTerminal, sizeScript, terminalName } from './piped-script.ts';
import type { ProvenHost } from './start-proven.ts';

/** Milliseconds allowed for starting a shell, and for setting a size. */
const ANSWER_TIMEOUT_MS = 20_000;
const MAX_ANSWER_BYTES = 65_536;

const memories = new WeakMap<object, ProvenHost['memory']>();

/** The part of a host that `startProven` uses. `open` starts a command on an ssh terminal; another terminal is made as in `request`. */
export function provenHost(
  transport: Pick<Transport, 'note' | 'pipe' | 'shell'>,
  open: (command: string) => Promise<Pty>,
  request: PtyRequest,
  signal: AbortSignal,
): ProvenHost {
  const limits: RunLimits = { signal, idleTimeout: ANSWER_TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };
  const setSize = async (terminal: string, size: TerminalSize) => {
    const shell = await transport.shell(signal);
    try {
      await shell.run(sizeScript(terminal, size), limits);
    } finally {
      shell.close();
    }
  };
  const memory = memories.get(transport) ?? {};
  memories.set(transport, memory);
  return {
    open,
    memory,
    openPiped: async (script, mark) => {
      const pipe = await transport.pipe(onOwnTerminal(script, mark, request), limits);
      const pty = new PipedPty(pipe, terminalName(mark), setSize);
      const stopListening = onAbort(signal, () => pty.close());
      pty.exit.then(stopListening, stopListening);
      return pty;
    },
    note: (text) => transport.note(text),
  };
}
