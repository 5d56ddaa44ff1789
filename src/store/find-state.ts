/** A message whose text was found. All texts come from the host. */
export interface FoundMessage {
  readonly alias: string;
  readonly sessionId: string;
  readonly messageId: string;
  readonly role: 'user' | 'assistant' | null;
  /** Epoch milliseconds of the host's clock. */
  readonly time: number;
  /** One line around the match, which is `length` UTF-16 units from `offset` on. */
  readonly excerpt: { readonly text: string; readonly offset: number; readonly length: number };
}

/** A search in the transcripts of all hosts, and its results so far. */
export interface FindState {
  readonly needle: string;
  readonly found: readonly FoundMessage[];
  /** Hosts that have answered, of all that are asked. */
  readonly done: number;
  readonly of: number;
  /** Hosts that cannot be searched or left results out, one line each. */
  readonly notes: readonly string[];
  readonly isRunning: boolean;
}
