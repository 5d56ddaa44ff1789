import type { Duplex } from 'node:stream';
import { messageOf } from '../../lib/errors.ts';
import { type Transport, TransportError } from '../../transport/transport.ts';
import { type ProvenProcess, proofScript } from './proof-script.ts';
import { proofShellOf } from './proof-shell.ts';
import { ServerProcessError } from './server-process-error.ts';

/** The part of a host that a proof uses: a stream to the server, and a shell that checks where it leads. */
export type ProofSource = Pick<Transport, 'shell' | 'forward'>;

/** Failures of the connection, which prove nothing about the server. */
const LOST: ReadonlySet<unknown> = new Set(['closed', 'aborted', 'timeout']);

/**
 * Opens a stream to a server and proves that it leads to that process of this user; `proofFunction` explains the order. This is the only way to a
 * server. Without the proof nothing is sent, with or without a password, since prompts and answers are private too. Each stream has a proof of its
 * own, because a port may change hands in between. Costs one round trip. Rejects with a ServerProcessError (`unproven`) or a TransportError.
 */
export async function openProven(host: ProofSource, server: ProvenProcess, signal: AbortSignal): Promise<Duplex> {
  const shell = proofShellOf(host);
  shell.open().catch(() => {});
  const stream = await host.forward({ host: server.hostname, port: server.port }, signal);
  // An unhandled error event would end the program.
  stream.on('error', () => {});
  try {
    checkProof(await shell.run(proofScript(server), signal), server);
    return stream;
  } catch (error) {
    stream.destroy();
    if (error instanceof ServerProcessError || (error instanceof TransportError && LOST.has(error.kind))) throw error;
    throw unproven(server, messageOf(error), error);
  }
}

function checkProof(output: string, server: ProvenProcess): void {
  const [, word, why = ''] = /^@ocr (proven|unproven) ?(.*)$/m.exec(output) ?? [];
  if (word !== 'proven') throw unproven(server, why || 'the host does not show its owner');
}

function unproven({ port }: ProvenProcess, why: string, cause?: unknown): ServerProcessError {
  const message = `the server on port ${port} is not proven to be yours: ${why}`;
  return new ServerProcessError('unproven', message, { cause });
}
