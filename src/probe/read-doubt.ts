import type { Rung } from '../domain/snapshot.ts';

/**
 * What the host says of its reading: the database was read without its log (`log`), it is in a folder that the user cannot write, so that opencode cannot
 * have been at work there in the usual way (`folder`), or its file has 0 bytes (`empty`).
 */
export type Doubt = 'log' | 'folder' | 'empty';

/** What a reading cannot vouch for, on one line; `null` when the sessions are all there is. */
export function describeDoubt(reading: {
  readonly doubts: ReadonlySet<Doubt>;
  readonly rung: Rung | null;
  readonly databasePath: string | null;
  /** Names of tables that hold sessions in a way unknown to us. */
  readonly unknownTables: string | null;
}): string | null {
  const { doubts, rung, databasePath, unknownTables } = reading;
  if (rung === 'storage')
    return 'sessions of an older opencode: start opencode there once to move them into its database';
  if (doubts.has('empty')) return `the database is empty (0 bytes): ${databasePath}`;
  if (unknownTables !== null) return `sessions of a newer opencode are not shown (tables ${unknownTables})`;
  if (doubts.has('log')) return 'the log of the database cannot be read: sessions may be behind';
  if (doubts.has('folder')) return 'the folder of the database cannot be written: sessions may be behind';
  return null;
}

/** Faults of the file itself, which opencode meets just as well; anything else, such as a missing option, is the rung's own. */
const FILE_FAULT =
  /malformed|not a database|unable to open|permission denied|locked|no such (table|column)|disk I\/O|readonly|encrypted/i;

/** What sqlite3 puts around the words of SQLite itself. */
const WRAPPING = /^(?:(?:runtime|parse) )?error:?(?: near line \d+:)?(?: (?:in prepare|stepping),)? *| \(\d+\)$/gi;

/** The first reason that is the file's own fault; `null` when no rung really tried it. */
export function fileFault(passedOver: readonly { readonly rung: Rung; readonly reason: string }[]): string | null {
  const found = passedOver.find(({ reason }) => FILE_FAULT.test(reason));
  return found === undefined ? null : found.reason.replace(WRAPPING, '').trim();
}
