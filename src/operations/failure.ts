import { hintLinesOf, messageOf } from '../lib/errors.ts';
import { ServerError } from '../opencode/server/server-error.ts';
import { ServerProcessError } from '../opencode/server-process/server-process-error.ts';
import { TransportError } from '../transport/transport.ts';

/** Returns the reason of a failure on one line, and its hints. */
export function failureOf(error: unknown): { readonly reason: string; readonly lines: readonly string[] } {
  if (error instanceof ServerError) {
    const { lines } = error.cause instanceof Error ? failureOf(error.cause) : { lines: [] };
    return { reason: error.reason, lines: [...lines, `asked: ${error.where}`] };
  }
  return { reason: messageOf(error), lines: hintLinesOf(error) };
}

/** Returns the reason of a failure with the first of its hints, for one line. */
export function failureText(error: unknown): string {
  const [hint] = hintLinesOf(error);
  const { reason } = failureOf(error);
  return hint === undefined ? reason : `${reason} (${hint})`;
}

/** True if the host or its server failed, rather than one session. */
export function isHostFailure(error: unknown): boolean {
  if (error instanceof ServerError) return ['refused', 'timeout', 'closed'].includes(error.kind);
  return error instanceof TransportError || error instanceof ServerProcessError;
}

/** True if a request that changes something was lost in flight, so that it may have been done. */
export function isUncertain(error: unknown): boolean {
  if (!(error instanceof ServerError) || error.where.startsWith('GET ')) return false;
  return error.kind === 'timeout' || error.kind === 'closed';
}
