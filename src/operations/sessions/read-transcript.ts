import type { SessionRef } from '../../domain/session-ref.ts';
import type { TranscriptMessage } from '../../domain/transcript.ts';
import type { OperationContext } from '../context.ts';
import { findSession, type TargetSession } from '../target.ts';

export interface Transcript extends TargetSession {
  /** Oldest first. */
  readonly messages: readonly TranscriptMessage[];
  /** True if older messages were left out. */
  readonly isCut: boolean;
}

/** Reads the last messages of a session through its server. Rejects as `clientFor` does. */
export async function readTranscript(
  context: OperationContext,
  ref: SessionRef,
  { limit }: { readonly limit: number },
  signal: AbortSignal,
): Promise<Transcript> {
  const client = await context.clientFor(ref, 'read', signal);
  const target = await findSession(context, ref);
  const messages = await client.messages(ref.id, target.session.directory, limit, signal);
  return { ...target, messages, isCut: messages.length >= limit };
}
