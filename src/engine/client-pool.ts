import type { Host } from '../domain/host.ts';
import { isReachedAlike, type Server, serverKey } from '../domain/server.ts';
import { SingleFlight } from '../lib/single-flight.ts';

/** Opens a client of a server. Rejects with a TransportError, or with a UserError if the password command fails. */
export type Connect<Client> = (host: Host, server: Server, signal: AbortSignal) => Promise<Client>;

interface Pooled<Client> {
  readonly client: Client;
  readonly server: Server;
}

/**
 * Shares one client per server, connected on demand. Borrowers never close it: the pool does, once. A failed connect is not remembered, so the next
 * caller tries again.
 */
export class ClientPool<Client extends { close(): Promise<void> }> {
  readonly #connect: Connect<Client>;
  /** By alias, then by `serverKey`. */
  readonly #clients = new Map<string, Map<string, Pooled<Client>>>();
  readonly #connecting = new SingleFlight<Client>();
  readonly #ended = new WeakMap<Client, Promise<void>>();
  readonly #closing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(connect: Connect<Client>) {
    this.#connect = connect;
  }

  /** Returns the client of a server, connected if there is none. Rejects as `Connect` does, and when the signal aborts or the pool closes. */
  async borrow(host: Host, server: Server, signal: AbortSignal): Promise<Client> {
    if (this.#isClosed) throw new Error('the connections to servers are closed');
    const { alias } = host;
    const key = serverKey(server);
    const known = this.#clients.get(alias)?.get(key);
    if (known !== undefined && isReachedAlike(known.server, server)) return known.client;
    if (known !== undefined) void this.discard(known.client);
    return this.#connecting.run(flightOf(alias, server), signal, async (stop) => {
      const client = await this.#connect(host, server, stop);
      if (stop.aborted) {
        await this.#end(client);
        throw stop.reason;
      }
      // Another caller may have connected meanwhile, in another way.
      const other = this.now(alias, key);
      if (other !== null) void this.discard(other);
      const ofHost = this.#clients.get(alias) ?? new Map<string, Pooled<Client>>();
      this.#clients.set(alias, ofHost.set(key, { client, server }));
      return client;
    });
  }

  /** Returns the client of a server if it is connected. Starts nothing. */
  now(alias: string, key: string): Client | null {
    return this.#clients.get(alias)?.get(key)?.client ?? null;
  }

  /** Closes a broken client; the next borrower gets a new one. Resolves when it is closed. */
  async discard(client: Client): Promise<void> {
    for (const [alias, ofHost] of this.#clients) {
      for (const [key, pooled] of ofHost) if (pooled.client === client) this.#remove(alias, key);
    }
    await this.#end(client);
  }

  /** Closes the client of a server that is gone, and ends an attempt to connect to it. */
  forget(alias: string, server: Server): void {
    this.#connecting.cancel(flightOf(alias, server));
    const client = this.now(alias, serverKey(server));
    if (client !== null) void this.discard(client);
  }

  /** Closes every client and ends every attempt to connect. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const clients = [...this.#clients.values()].flatMap((ofHost) => [...ofHost.values()]);
    await Promise.all([this.#connecting.close(), ...clients.map(({ client }) => this.discard(client))]);
    await Promise.all(this.#closing);
  }

  #remove(alias: string, key: string): void {
    const ofHost = this.#clients.get(alias);
    ofHost?.delete(key);
    if (ofHost?.size === 0) this.#clients.delete(alias);
  }

  /** Closes a client at most once. */
  #end(client: Client): Promise<void> {
    const known = this.#ended.get(client);
    if (known !== undefined) return known;
    const closing = client
      .close()
      .catch(() => {})
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    this.#ended.set(client, closing);
    return closing;
  }
}

function flightOf(alias: string, server: Server): string {
  return `${alias}\0${serverKey(server)}\0${server.own}\0${server.hostname}`;
}
