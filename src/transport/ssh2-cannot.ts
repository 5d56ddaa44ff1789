import type { TransportError } from './transport.ts';

/** What ssh2 cannot do for a host, though the system's ssh may. `failure` is what to tell when that is not to be used. */
export class Ssh2Cannot extends Error {
  override readonly name = 'Ssh2Cannot';
  readonly failure: TransportError;

  constructor(reason: string, failure: TransportError) {
    super(reason, { cause: failure });
    this.failure = failure;
  }
}
