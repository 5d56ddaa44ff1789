import type { Session } from '../../../../src/domain/session.ts';
import type { TranscriptMessage } from '../../../../src/domain/transcript.ts';
import type { NewPrompt, NewSession } from '../../../../src/opencode/server/server-acts.ts';
import type { ServerClient } from '../../../../src/opencode/server/server-client.ts';

type Answers = Partial<{
  [Name in keyof ServerClient]: ServerClient[Name];
}>;

/** A server that takes down what it is told to do, and fails on every request that the test did not foresee. */
export class FakeClient {
  /** Such as `abort ses_1`. */
  readonly calls: string[] = [];
  readonly prompts: NewPrompt[] = [];
  readonly created: NewSession[] = [];
  answers: Answers;

  constructor(answers: Answers = {}) {
    this.answers = answers;
  }

  /** As what the ports give out. */
  get client(): ServerClient {
    return new Proxy({} as ServerClient, {
      get: (_, name: keyof ServerClient) => {
        // A promise resolves to what has no `then`.
        if ((name as string) === 'then') return undefined;
        const answer = this.answers[name] as ((...parameters: unknown[]) => unknown) | undefined;
        return (...parameters: unknown[]) => {
          if (answer === undefined) throw new Error(`unexpected request: ${String(name)}`);
          return answer(...parameters);
        };
      },
    });
  }

  /** Takes all that changes sessions. */
  takingAll(): this {
    const note = (what: string) => this.calls.push(what);
    this.answers = {
      abort: async ({ id }) => void note(`abort ${id}`),
      rename: async ({ id }, title) => void note(`rename ${id} ${title}`),
      archive: async ({ id }, at) => void note(`archive ${id} ${at}`),
      prompt: async (prompt) => {
        note(`prompt ${prompt.id}`);
        this.prompts.push(prompt);
      },
      ...this.answers,
    };
    return this;
  }

  /** Says this of a session. */
  knowing(...sessions: readonly Session[]): this {
    this.answers.session = async (id) => sessions.find((one) => one.id === id) ?? null;
    return this;
  }
}

export function aMessage(changes: Partial<TranscriptMessage> = {}): TranscriptMessage {
  return {
    id: 'msg_1',
    role: 'user',
    created: 0,
    completed: null,
    agent: null,
    model: null,
    error: null,
    parts: [{ kind: 'text', id: 'prt_1', text: 'hello' }],
    ...changes,
  };
}
