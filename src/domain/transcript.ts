/** A part of a message, as far as it is shown. */
export type TranscriptPart =
  | { readonly kind: 'text'; readonly id: string; readonly text: string }
  | { readonly kind: 'reasoning'; readonly id: string; readonly text: string }
  | {
      readonly kind: 'tool';
      readonly id: string;
      readonly tool: string;
      readonly state: 'pending' | 'running' | 'completed' | 'error';
      /** One line that describes its task. */
      readonly title: string;
      readonly input: string;
      /** Its result, or the error. */
      readonly output: string;
    }
  | { readonly kind: 'file'; readonly id: string; readonly name: string };

export interface TranscriptMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  /** Epoch milliseconds of the host's clock. */
  readonly created: number;
  readonly completed: number | null;
  readonly agent: string | null;
  readonly model: string | null;
  readonly error: string | null;
  readonly parts: readonly TranscriptPart[];
}

export interface TodoItem {
  readonly content: string;
  readonly status: 'pending' | 'in_progress' | 'completed' | 'cancelled';
}

/** A session's changes to one file. */
export interface FileChange {
  readonly path: string;
  readonly additions: number;
  readonly deletions: number;
  /** Unified diff; empty where the server gives none. */
  readonly patch: string;
}
