import type { SessionRef } from '../domain/session-ref.ts';
import { hostKey, sessionKey } from './keys.ts';
import { aliasOfRow, type Row, sessionOfRow } from './rows.ts';

/** Where the cursor is. Outlives the row, which may go. */
export interface Selection {
  /** Key of the row. */
  readonly key: string;
  /** The host that the row belongs to; `null` for a group or a message. */
  readonly alias: string | null;
  /** The session of the row; `null` for another kind of row. */
  readonly session: SessionRef | null;
}

export function selectionOf(row: Row): Selection {
  const alias = aliasOfRow(row);
  const of = sessionOfRow(row);
  return { key: row.key, alias, session: of && { alias: of.entry.host.alias, id: of.session.id } };
}

export function selectedHost(alias: string): Selection {
  return { key: hostKey(alias), alias, session: null };
}

export function selectedSession(alias: string, id: string): Selection {
  return { key: sessionKey(alias, id), alias, session: { alias, id } };
}
