import type { Rung } from '../domain/snapshot.ts';

/**
 * Doubts that the host reports about a reading: the database was read without its log (`log`), the user cannot write its folder, so opencode cannot
 * have worked there normally (`folder`), or its file has 0 bytes (`empty`).
 */
export type Doubt = 'log' | 'folder' | 'empty';

/** Describes the doubt about a reading on one line; `null` if its sessions are complete. */
export function describeDoubt(reading: {
  readonly doubts: ReadonlySet<Doubt>;
  readonly rung: Rung | null;
  readonly databasePath: string | null;
  /** Names of unknown session tables. */
  readonly unknownTables: string | null;
}): string | null {
  const { doubts, rung, databasePath, unknownTables } = reading;
  if (rung === 'storage')
    return 'sessions of an older opencode: start opencode there once to move them into its database';
  if (doubts.has('empty')) return `the database is empty (0 bytes): ${databasePath}`;
  if (unknownTables !== null) return `sessions of a newer opencode are not shown (tables ${unknownTables})`;
  if (doubts.has('log')) return 'the log of the database cannot be read: sessions may be stale';
  if (doubts.has('folder')) return 'the folder of the database cannot be written: sessions may be stale';
  return null;
}

/** Matches faults of the file itself, which opencode would meet too; any other fault, such as a missing option, is the rung's own. */
const FILE_FAULT =
  /malformed|not a database|unable to open|permission denied|locked|no such (table|column)|disk I\/O|readonly|encrypted/i;

/** Matches sqlite3's wrapping of SQLite's own message. */
const WRAPPING = /^(?:(?:runtime|parse) )?error:?(?: near line \d+:)?(?: (?:in prepare|stepping),)? *| \(\d+\)$/gi;

/** Returns the first reason that is the file's own fault; `null` if no rung really tried it. */
export function fileFault(passedOver: readonly { readonly rung: Rung; readonly reason: string }[]): string | null {
  const found = passedOver.find(({ reason }) => FILE_FAULT.test(reason));
  return found === undefined ? null : found.reason.replace(WRAPPING, '').trim();
}
