import { type Server, serverKey } from '../domain/server.ts';
import type { SessionReading } from './reading.ts';
import type { ReadServers } from './survey.ts';

/** What a survey found on a host, to be compared with what its servers list. */
export interface Surveyed {
  readonly databasePath: string | null;
  readonly servers: readonly Server[];
  /** When the database was read, by the host's clock: epoch milliseconds. */
  readonly at: number;
}

/** Milliseconds before the reading in which a session may have been created without being in it. */
const SETTLING_MS = 5000;
/** How often servers that cannot be asked are asked again: one that has just started may be silent, one with another password stays so. */
const MAX_FAILURES = 3;

interface Verdict {
  readonly compared: string;
  /** `null` while the servers could not be asked. */
  readonly serverWins: boolean | null;
  /** Times in a row that they could not be asked. */
  readonly failures: number;
}

/**
 * Compares the database of a host with its running servers: a server that lists sessions which the database lacks keeps them elsewhere, and is right.
 * Each pair of database and servers is compared once, or a few times while the servers cannot be asked.
 */
export class ServerCheck {
  /** By alias. */
  readonly #verdicts = new Map<string, Verdict>();

  /**
   * Gives the reading that is right. A database with sessions is taken at its word until `compare` has said otherwise; an empty one is compared at once, so
   * that no host shows a wrong zero.
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

  /** True if that database and those servers were not compared yet. */
  isDue(alias: string, found: Surveyed): boolean {
    return found.servers.length > 0 && this.#verdictOf(alias, found) === undefined;
  }

  /** Asks the servers for their sessions and gives the reading that is right: the given one where they cannot be asked. */
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
    const what = found.databasePath === null ? 'there is no database where a login has it' : found.databasePath;
    const reason = `${what}: lacks ${lacking.length} of the ${sessions.length} sessions that a running server lists`;
    const passedOver = [...read.passedOver, { rung: read.rung ?? ('sqlite3' as const), reason }];
    return { sessions, rung: 'http', passedOver, fingerprint: null };
  }

  /** What was found out before stays: that a server does not answer now says nothing about its sessions. */
  #noteFailure(alias: string, found: Surveyed): void {
    const before = this.#verdicts.get(alias);
    const known = before?.compared === compared(found) ? before : { serverWins: null, failures: 0 };
    const { serverWins, failures } = known;
    this.#verdicts.set(alias, { compared: compared(found), serverWins, failures: failures + 1 });
  }

  /** `undefined` where the servers are to be asked. */
  #verdictOf(alias: string, found: Surveyed): boolean | undefined {
    const verdict = this.#verdicts.get(alias);
    if (verdict?.compared !== compared(found)) return undefined;
    return verdict.serverWins ?? (verdict.failures >= MAX_FAILURES ? false : undefined);
  }
}

function compared({ databasePath, servers }: Surveyed): string {
  return [databasePath, ...servers.map(serverKey)].join('\n');
}
