/** A session as opencode's API gives it (1.18), without the fields that `ocr` does not read. */
export interface DemoSession {
  readonly id: string;
  readonly parentID: string | null;
  readonly projectID: string;
  readonly directory: string;
  title: string;
  agent: string;
  readonly model: { readonly id: string; readonly providerID: string };
  /** Dollars. */
  cost: number;
  readonly tokens: Tokens;
  summary: { additions: number; deletions: number; files: number };
  /** Epoch milliseconds. */
  readonly time: { readonly created: number; updated: number; archived?: number };
}

export interface Tokens {
  input: number;
  output: number;
  reasoning: number;
  readonly cache: { read: number; write: number };
}

export interface DemoChange {
  readonly file: string;
  readonly patch: string;
  readonly additions: number;
  readonly deletions: number;
}

export interface DemoMessage {
  readonly info: {
    readonly id: string;
    readonly sessionID: string;
    readonly role: 'user' | 'assistant';
    readonly time: { readonly created: number; completed?: number };
    readonly agent: string;
    /** On a user's message. */
    readonly model?: { readonly providerID: string; readonly modelID: string };
    /** On an assistant's message. */
    readonly providerID?: string;
    readonly modelID?: string;
    error?: { readonly name: string; readonly data: { readonly message: string } };
    summary?: { readonly diffs: readonly DemoChange[] };
  };
  readonly parts: DemoPart[];
}

interface PartBase {
  readonly id: string;
  readonly sessionID: string;
  readonly messageID: string;
}

export type DemoPart =
  | (PartBase & { readonly type: 'text'; text: string })
  | (PartBase & { readonly type: 'tool'; readonly tool: string; readonly callID: string; state: ToolState });

export interface ToolState {
  readonly status: 'running' | 'completed' | 'error';
  readonly input: Readonly<Record<string, string>>;
  readonly title: string;
  readonly output?: string;
  readonly error?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly time: { readonly start: number; readonly end?: number };
}

export interface DemoTodo {
  readonly content: string;
  status: 'pending' | 'in_progress' | 'completed';
  readonly priority: 'medium';
}

/** What opencode asks the user. */
export type DemoRequest =
  | {
      readonly kind: 'permission';
      readonly id: string;
      readonly sessionID: string;
      readonly permission: 'bash' | 'edit';
      readonly patterns: readonly string[];
      readonly always: readonly string[];
      readonly metadata: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'question';
      readonly id: string;
      readonly sessionID: string;
      readonly questions: readonly DemoQuestion[];
    };

export interface DemoQuestion {
  readonly question: string;
  readonly header: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
}

export type DemoStatus =
  | { readonly type: 'busy' }
  | { readonly type: 'retry'; readonly attempt: number; readonly message: string; readonly next: number };
