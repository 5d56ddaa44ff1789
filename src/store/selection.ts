import type { SessionRef } from '../domain/session-ref.ts';
import { hostKey, sessionKey } from './keys.ts';
import { aliasOfRow, type Row } from './rows.ts';

/** Where the cursor is. Outlives the row, which may go. */
export interface Selection {
  /** Key of the row. */
  readonly key: string;
  /** The host that the row belongs to; `null` for a group. */
  readonly alias: string | null;
  /** The session of the row; `null` for another kind of row. */
  readonly session: SessionRef | null;
}

export function selectionOf(row: Row): Selection {
  const alias = aliasOfRow(row);
  const session = row.kind === 'session' ? { alias: row.entry.host.alias, id: row.session.id } : null;
  return { key: row.key, alias, session };
}

export function selectedHost(alias: string): Selection {
  return { key: hostKey(alias), alias, session: null };
}

export function selectedSession(alias: string, id: string): Selection {
  return { key: sessionKey(alias, id), alias, session: { alias, id } };
}
