import type { Session } from '../../domain/session.ts';
import type { UserRequest } from '../../domain/user-request.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';

/** Subagents that a request is followed up to. */
const MAX_LEVELS = 8;

/** Finds the requests of a session among those of its directory, its subagents' too. Remembers which sessions are whose. */
export class RequestFinder {
  readonly #session: Session;
  readonly #parents = new Map<string, string | null>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Returns the first request that the session waits for; `null` for none. Rejects as a client does. */
  async find(
    client: Pick<ServerClient, 'session'>,
    requests: readonly UserRequest[],
    signal: AbortSignal,
  ): Promise<UserRequest | null> {
    return (await this.all(client, requests, signal))[0] ?? null;
  }

  /** Returns all requests that the session waits for. Rejects as a client does. */
  async all(
    client: Pick<ServerClient, 'session'>,
    requests: readonly UserRequest[],
    signal: AbortSignal,
  ): Promise<readonly UserRequest[]> {
    const own: UserRequest[] = [];
    for (const request of requests) if (await this.#isOurs(client, request.sessionId, signal)) own.push(request);
    return own;
  }

  async #isOurs(client: Pick<ServerClient, 'session'>, id: string, signal: AbortSignal): Promise<boolean> {
    let at: string | null = id;
    for (let level = 0; at !== null && level < MAX_LEVELS; level += 1) {
      if (at === this.#session.id) return true;
      const known = this.#parents.get(at);
      if (known === undefined) {
        const found: Session | null = await client.session(at, this.#session.directory, signal);
        this.#parents.set(at, found?.parentId ?? null);
      }
      at = this.#parents.get(at) ?? null;
    }
    return false;
  }
}
