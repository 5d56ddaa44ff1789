import { ExpectedError } from '../../lib/errors.ts';

/** An export that cannot be read: the message names the place in it. */
export class TranscriptError extends ExpectedError {
  override readonly name = 'TranscriptError';
}
