import { ExpectedError, type ExpectedErrorOptions } from '../../lib/errors.ts';

export type ServerProcessErrorKind =
  /** `hint` holds the end of its output. */
  | 'start-failed'
  /** It does not run, and may not be started. */
  | 'not-running'
  /** Another start of it has been under way for too long. */
  | 'busy'
  /** The process is not the one that was meant, so it was left alone. */
  | 'not-that-process'
  /** It was told to end and still runs. */
  | 'still-runs'
  /** The listener on its port is not proven to be that process, so nothing was sent to it. */
  | 'unproven'
  /** The host's response is invalid. */
  | 'protocol';

/** A server was not started or stopped. `message` says why on one line. */
export class ServerProcessError extends ExpectedError {
  override readonly name = 'ServerProcessError';
  readonly kind: ServerProcessErrorKind;

  constructor(kind: ServerProcessErrorKind, message: string, options?: ExpectedErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
