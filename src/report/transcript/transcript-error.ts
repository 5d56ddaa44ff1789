/** An export that cannot be read: the message names the place in it. */
export class TranscriptError extends Error {
  override readonly name = 'TranscriptError';
}
