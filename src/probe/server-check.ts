import { type Server, serverKey } from '../domain/server.ts';
import type { SessionReading } from './reading.ts';
import type { ReadServers } from './survey.ts';

/** A survey's result, for comparison with the lists of the host's servers. */
export interface Surveyed {
  readonly databasePath: string | null;
  readonly servers: readonly Server[];
  /** When the database was read, epoch milliseconds of the host's clock. */
  readonly at: number;
}

/** Milliseconds before the reading: the database may lack sessions that are younger than this. */
const SETTLING_MS = 5000;
/** Retries for servers that cannot be asked: one that has just started may be silent, one with another password stays so. */
const MAX_FAILURES = 3;

interface Verdict {
  readonly compared: string;
  /** `null` until the servers could be asked. */
  readonly serverWins: boolean | null;
  /** Consecutive failures to ask them. */
  readonly failures: number;
}

/**
 * Compares a host's database with its running servers. If a server lists sessions that the database lacks, it keeps them elsewhere, and the server is
 * right. Compares each pair of database and servers once, or a few times while the servers cannot be asked.
 */
export class ServerCheck {
  /** By alias. */
  readonly #verdicts = new Map<string, Verdict>();

  /**
   * Returns the correct reading. Trusts a database with sessions until `compare` says otherwise; compares an empty one at once, so that no host shows
   * a wrong zero.
   */
  async settle(
    alias: string,
    found: Surveyed,
    read: SessionReading,
    list: ReadServers | null,
  ): Promise<SessionReading> {
    if (list === null || found.servers.length === 0 || read.rung === 'http') return read;
    const known = this.#verdictOf(alias, found);
    if (known === false || (known === undefined && read.sessions.length > 0)) return read;
    return this.compare(alias, found, read, list);
  }

  /** True if this pair was not compared yet. */
  isDue(alias: string, found: Surveyed): boolean {
    return found.servers.length > 0 && this.#verdictOf(alias, found) === undefined;
  }

  /** Asks the servers for their sessions and returns the correct reading: the given one if they cannot be asked. */
  async compare(alias: string, found: Surveyed, read: SessionReading, list: ReadServers): Promise<SessionReading> {
    const sessions = await list(found.servers).catch(() => null);
    if (sessions === null) {
      this.#noteFailure(alias, found);
      return read;
    }
    const present = new Set(read.sessions.map(({ id }) => id));
    const lacking = sessions.filter(({ id, created }) => !present.has(id) && created < found.at - SETTLING_MS);
    const serverWins = lacking.length > 0;
    this.#verdicts.set(alias, { compared: compared(found), serverWins, failures: 0 });
    if (!serverWins) return read;
    const what = found.databasePath === null ? 'there is no database where the login expects it' : found.databasePath;
    const reason = `${what}: lacks ${lacking.length} of the ${sessions.length} sessions that a running server lists`;
    const passedOver = [...read.passedOver, { rung: read.rung ?? ('sqlite3' as const), reason }];
    return { sessions, rung: 'http', passedOver, fingerprint: null };
  }

  /** Keeps the earlier result: a server that does not respond now says nothing about its sessions. */
  #noteFailure(alias: string, found: Surveyed): void {
    const before = this.#verdicts.get(alias);
    const known = before?.compared === compared(found) ? before : { serverWins: null, failures: 0 };
    const { serverWins, failures } = known;
    this.#verdicts.set(alias, { compared: compared(found), serverWins, failures: failures + 1 });
  }

  /** Returns `undefined` if the servers must be asked. */
  #verdictOf(alias: string, found: Surveyed): boolean | undefined {
    const verdict = this.#verdicts.get(alias);
    if (verdict?.compared !== compared(found)) return undefined;
    return verdict.serverWins ?? (verdict.failures >= MAX_FAILURES ? false : undefined);
  }
}

function compared({ databasePath, servers }: Surveyed): string {
  return [databasePath, ...servers.map(serverKey)].join('\n');
}
