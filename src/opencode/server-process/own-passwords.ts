import { type Server, serverKey } from '../../domain/server.ts';

type ServerId = Pick<Server, 'pid' | 'startId' | 'port'>;

/** Remembers the passwords of ocr's own servers, in memory only. */
export class OwnPasswords {
  /** By alias, then by `serverKey`. */
  readonly #passwords = new Map<string, ReadonlyMap<string, string>>();

  /** Returns the password of a server; `null` if it is not known. */
  get(alias: string, server: ServerId): string | null {
    return this.#passwords.get(alias)?.get(serverKey(server)) ?? null;
  }

  /** Adds the password of a server that was started or found. */
  add(alias: string, server: ServerId, password: string): void {
    this.#passwords.set(alias, new Map(this.#passwords.get(alias)).set(serverKey(server), password));
  }

  /** Replaces all passwords of a host, so that those of servers that ended are forgotten. */
  replace(alias: string, passwords: Iterable<readonly [ServerId, string]>): void {
    this.#passwords.set(alias, new Map([...passwords].map(([server, password]) => [serverKey(server), password])));
  }
}
