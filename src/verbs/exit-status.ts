import { NoServer } from '../engine/find-client.ts';
import { NotAnswered } from '../fleet/not-answered.ts';
import { ReadOnlyError } from '../fleet/read-only.ts';
import { ExpectedError, type ExpectedErrorOptions, messageOf, UserError } from '../lib/errors.ts';
import { ServerError } from '../opencode/server/server-error.ts';
import { isHostFailure } from '../operations/failure.ts';
import { RequestNotPending } from '../operations/requests/answer-request.ts';
import { SessionNotFound } from '../operations/target.ts';
import { EXIT, type ExitStatus } from './exit.ts';

export { EXIT, type ExitStatus };

/** A verb has failed with an exit status. */
export class VerbError extends ExpectedError {
  override readonly name = 'VerbError';
  readonly status: ExitStatus;

  constructor(status: ExitStatus, message: string, options: ExpectedErrorOptions = {}) {
    super(message, options);
    this.status = status;
  }
}

/** Returns the exit status for an error of a verb; `null` for a bug. */
export function exitStatusOf(error: unknown): ExitStatus | null {
  if (error instanceof VerbError) return error.status;
  if (error instanceof ReadOnlyError) return EXIT.refused;
  if (error instanceof NoServer || error instanceof NotAnswered) return EXIT.unreachable;
  if (error instanceof RequestNotPending || error instanceof SessionNotFound) return EXIT.notFound;
  if (error instanceof ServerError) {
    if (error.kind === 'not-found') return EXIT.notFound;
    return error.kind === 'http' || error.kind === 'protocol' ? EXIT.failed : EXIT.unreachable;
  }
  if (isHostFailure(error)) return EXIT.unreachable;
  if (error instanceof UserError) return EXIT.usage;
  return error instanceof ExpectedError ? EXIT.failed : null;
}

/**
 * Returns the error that a verb ends with, with a hint such as what it has left behind. An interruption counts more than the error that it has caused. Bugs
 * stay as they are.
 */
export function withHint(error: unknown, signal: AbortSignal, hint: string): unknown {
  const cause = signal.aborted && !(error instanceof VerbError) ? signal.reason : error;
  const status = exitStatusOf(cause);
  return status === null ? error : new VerbError(status, messageOf(cause), { hint, cause: error });
}
