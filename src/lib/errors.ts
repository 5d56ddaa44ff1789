export interface ExpectedErrorOptions {
  readonly hint?: string | null | undefined;
  readonly cause?: unknown;
}

/** The base of failures that can happen without a bug: of the user's input, a host, a server or a file. */
export class ExpectedError extends Error {
  /** More lines to show below the message; `null` if there are none. */
  readonly hint: string | null;

  constructor(message: string, options: ExpectedErrorOptions = {}) {
    super(message, options);
    this.hint = options.hint ?? null;
  }
}

/** A failure that the user can act on: says what happened, where, and what to do. */
export class UserError extends ExpectedError {
  override readonly name = 'UserError';
}

/** Returns the lines of a thrown value's hint. */
export function hintLinesOf(error: unknown): string[] {
  const hint = error instanceof ExpectedError ? error.hint : null;
  return hint === null ? [] : hint.split('\n');
}

/** Returns the message of any thrown value, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim();
}

/** The `code` of a system error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
