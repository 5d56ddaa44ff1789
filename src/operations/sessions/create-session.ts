import type { Session } from '../../domain/session.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { refuseUnknown } from './refuse-unknown.ts';

/** A session to be created. */
export interface WantedSession {
  /** The whole path of a folder that exists. */
  readonly directory: string;
  readonly title: string | null;
  /** `null` leaves it to opencode. */
  readonly agent: string | null;
  /** `provider/model`; `null` leaves it to opencode. */
  readonly model: string | null;
  /** The first prompt; `null` for none. */
  readonly prompt: string | null;
}

/** Creates sessions, but never the same one twice: if its first prompt fails, a retry only sends the prompt. */
export class SessionMaker {
  readonly #context: OperationContext;
  readonly #alias: string;
  /** The created session that has no prompt yet, and its input. */
  #made: { readonly session: Session; readonly from: string } | null = null;
  #stage: 'making' | 'prompting' | null = null;

  constructor(context: OperationContext, alias: string) {
    this.#context = context;
    this.#alias = alias;
  }

  /** The session that was created although `make` failed; `null` for none. */
  get left(): Session | null {
    return this.#made?.session ?? null;
  }

  /** The request that was under way when `make` has failed or was given up. */
  get stage(): 'making' | 'prompting' | null {
    return this.#stage;
  }

  /** Rejects as a client does, and with an Error for an agent or a model that the directory does not have. */
  make(wanted: WantedSession, signal: AbortSignal): Promise<Session> {
    const make = () => this.#make(wanted, signal);
    return logged(this.#context, this.#alias, 'create a session', make, ({ id }) => `created ${id}`);
  }

  async #make(wanted: WantedSession, signal: AbortSignal): Promise<Session> {
    this.#stage = null;
    const client = await this.#context.clientFor({ alias: this.#alias, id: null }, 'write', signal);
    const { prompt, ...facts } = wanted;
    const from = JSON.stringify(facts);
    if (this.#made?.from !== from) {
      await refuseUnknown(client, wanted, signal);
      this.#stage = 'making';
      this.#made = { session: await client.createSession(facts, signal), from };
    }
    const { session } = this.#made;
    if (prompt !== null) {
      this.#stage = 'prompting';
      const { id, directory } = session;
      await client.prompt({ id, directory, text: prompt, agent: wanted.agent, model: wanted.model }, signal);
    }
    this.#stage = null;
    return session;
  }
}

/** Creates a session, and sends its first prompt if it has one. Rejects as `SessionMaker.make` does. */
export function createSession(
  context: OperationContext,
  alias: string,
  wanted: WantedSession,
  signal: AbortSignal,
): Promise<Session> {
  return new SessionMaker(context, alias).make(wanted, signal);
}
