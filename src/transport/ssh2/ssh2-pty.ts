import type { ClientChannel } from 'ssh2';
import { onAbort } from '../../lib/abort.ts';
import { type InteractiveExit, type Terminal, TransportError } from '../transport.ts';

/**
 * Joins a channel that has a pty with the person's terminal until the channel closes. The terminal is in raw mode meanwhile and its
 * size is passed on. Rejects with a TransportError when the connection is lost before the program has ended.
 */
export function runOnTerminal(
  channel: ClientChannel,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<InteractiveExit> {
  const { stdin, stdout } = terminal;
  return new Promise((resolve, reject) => {
    let exit: InteractiveExit | undefined;
    const toRemote = (chunk: Buffer | string) => channel.write(chunk);
    const toTerminal = (chunk: Buffer) => {
      if (stdout.write(chunk)) return;
      channel.pause();
      stdout.once('drain', () => channel.resume());
    };
    const resize = () => channel.setWindow(stdout.rows, stdout.columns, 0, 0);
    const stopListening = onAbort(signal, () => channel.close());
    channel.on('data', toTerminal);
    channel.stderr.on('data', toTerminal);
    channel.on('exit', (code: number | null, name?: string) => {
      exit = { code, signal: name ?? null };
    });
    channel.on('close', () => {
      stdin.off('data', toRemote);
      stdin.pause();
      stdin.setRawMode(false);
      stdout.off('resize', resize);
      stopListening();
      if (exit !== undefined) resolve(exit);
      else reject(new TransportError('closed', 'the connection was lost'));
    });
    stdin.setRawMode(true);
    stdin.on('data', toRemote);
    stdin.resume();
    stdout.on('resize', resize);
    resize();
  });
}
