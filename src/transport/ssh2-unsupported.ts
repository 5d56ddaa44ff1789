import type { TransportError } from './transport.ts';

/** ssh2 cannot connect to a host, but the system's ssh may. `failure` is the error to show if ssh may not be used. */
export class Ssh2Unsupported extends Error {
  override readonly name = 'Ssh2Unsupported';
  readonly failure: TransportError;

  constructor(reason: string, failure: TransportError) {
    super(reason, { cause: failure });
    this.failure = failure;
  }
}
