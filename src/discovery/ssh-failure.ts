import { ExpectedError } from '../lib/errors.ts';

export type SshFailureKind = 'missing' | 'aborted' | 'timeout' | 'failed';

/** ssh failed to answer; the message is its own, if it printed one. */
export class SshFailure extends ExpectedError {
  override readonly name = 'SshFailure';
  readonly kind: SshFailureKind;

  constructor(kind: SshFailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
